package dev.gatehouse.app.listen;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.runtime.http.Request;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.json.Json;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes deliveries on a port of the loopback interface and says a line or two of each. Answers 204, or 401 where a signature
 * does not hold, as a customer's program should.
 */
public final class Listener implements AutoCloseable {
    private static final int MAX_BODY = 1 << 20;
    private static final Duration DRAIN = Duration.ofSeconds(1);
    private static final int SHOWN = 400;

    private final WebServer server;
    private final Supplier<Optional<SignatureCheck>> check;
    private final InstantSource clock;
    private final Consumer<String> say;

    /**
     * @param check asked at each delivery; empty while no secret is known: signatures are then not verified
     * @throws IOException when the port is taken
     */
    public Listener(
            Vertx vertx, int port, Supplier<Optional<SignatureCheck>> check, InstantSource clock, Consumer<String> say)
            throws IOException {
        this.check = check;
        this.clock = clock;
        this.say = say;
        this.server = WebServer.start(
                vertx, new WebServer.Options("listen", "127.0.0.1", port, MAX_BODY, DRAIN), this::receive, null, clock);
    }

    public URI uri() {
        return server.uri();
    }

    private Response receive(Request request) {
        byte[] body = request.bytes();
        SignatureCheck.Headers headers = new SignatureCheck.Headers(
                request.header("webhook-id").orElse(""),
                request.header("webhook-timestamp").orElse(""),
                request.header("webhook-signature").orElse(""));
        SignatureCheck.@Nullable Verdict verdict = check.get()
                .map(known -> known.verify(headers, body, clock.instant()))
                .orElse(null);
        say.accept(String.format(
                Locale.ROOT,
                "%s %s %s%s  %s",
                request.method(),
                request.path(),
                headers.id(),
                about(body),
                words(verdict)));
        say.accept("  " + shown(body));
        return verdict instanceof SignatureCheck.Verdict.Fails(String reason)
                ? Response.text(401, reason + "\n")
                : Response.noContent();
    }

    private static String words(SignatureCheck.@Nullable Verdict verdict) {
        return switch (verdict) {
            case null -> "not verified: give the endpoint's secret with --secret, or your key with --key";
            case SignatureCheck.Verdict.Holds() -> "signature holds";
            case SignatureCheck.Verdict.Fails(String reason) -> "SIGNATURE FAILS: " + reason;
        };
    }

    /** Type and subject of an event; nothing of what is none. */
    private static String about(byte[] body) {
        try {
            JsonNode event = Json.read(body, JsonNode.class);
            return event.hasNonNull("type")
                    ? "  "
                            + plain(event.path("type").asText() + " "
                                            + event.path("subject").asText(""))
                                    .strip()
                    : "";
        } catch (UncheckedIOException e) {
            return "";
        }
    }

    private static String plain(String text) {
        return text.substring(0, Math.min(text.length(), 120)).replaceAll("\\p{Cntrl}+", " ");
    }

    /** What strangers send goes to a terminal: control characters stay out of it. */
    private static String shown(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}+", " ");
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + " … (" + body.length + " bytes)";
    }

    @Override
    public void close() {
        server.close();
    }
}
