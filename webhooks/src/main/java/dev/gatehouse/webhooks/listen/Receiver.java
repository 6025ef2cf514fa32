package dev.gatehouse.webhooks.listen;

import dev.gatehouse.runtime.http.Request;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.webhooks.signature.SigningSecret;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/** A server that takes deliveries, verifies them and tells of each: {@code gatehouse listen}. */
public final class Receiver implements AutoCloseable {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    /** Whether a delivery is from whom it says. */
    public enum Signature {
        VALID,
        INVALID,
        /** Its time is more than five minutes off: it may be an old one sent again by another. */
        STALE,
        /** It carries none, or no secret is known to check it with. */
        UNCHECKED
    }

    /** @param id {@code webhook-id} */
    public record Received(String id, Signature signature, Instant at, String body) {}

    private final WebServer server;

    private Receiver(WebServer server) {
        this.server = server;
    }

    /**
     * @param port 0 for any free one of the loopback interface
     * @param secret to verify with; empty to verify nothing
     * @param each told of each delivery
     * @throws IOException when the port is taken
     */
    public static Receiver start(
            Vertx vertx, int port, Optional<SigningSecret> secret, InstantSource clock, Consumer<Received> each)
            throws IOException {
        return new Receiver(WebServer.start(
                vertx,
                WebServer.Options.loopback("receiver").onPort(port),
                request -> {
                    Received received = read(request, secret, clock.instant());
                    each.accept(received);
                    return received.signature() == Signature.VALID || received.signature() == Signature.UNCHECKED
                            ? Response.noContent()
                            : Response.text(401, "The signature is " + received.signature() + ".\n");
                },
                null,
                clock));
    }

    private static Received read(Request request, Optional<SigningSecret> secret, Instant now) {
        byte[] body = request.bytes();
        String id = request.header("webhook-id").orElse("");
        String timestamp = request.header("webhook-timestamp").orElse("");
        String signatures = request.header("webhook-signature").orElse("");
        Signature signature = secret.isEmpty() || signatures.isEmpty()
                ? Signature.UNCHECKED
                : check(secret.get(), id, timestamp, body, signatures, now);
        return new Received(id, signature, now, new String(body, StandardCharsets.UTF_8));
    }

    private static Signature check(
            SigningSecret secret, String id, String timestamp, byte[] body, String signatures, Instant now) {
        if (timestamp.isEmpty() || timestamp.length() > 12 || !timestamp.chars().allMatch(Character::isDigit)) {
            return Signature.INVALID;
        }
        long seconds = Long.parseLong(timestamp);
        if (!secret.verifies(id, seconds, body, signatures)) {
            return Signature.INVALID;
        }
        Duration off = Duration.between(Instant.ofEpochSecond(seconds), now).abs();
        return off.compareTo(TOLERANCE) > 0 ? Signature.STALE : Signature.VALID;
    }

    public URI uri() {
        return server.uri();
    }

    @Override
    public void close() {
        server.close();
    }
}
