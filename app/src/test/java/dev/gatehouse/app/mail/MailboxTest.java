package dev.gatehouse.app.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.json.Json;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The mailbox")
class MailboxTest {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private Mailbox mailbox;

    @BeforeEach
    void start() throws Exception {
        mailbox = Mailbox.start(vertx, WebServer.Options.loopback("mail"), InstantSource.system());
    }

    @AfterEach
    void stop() {
        mailbox.close();
        vertx.close();
    }

    @Test
    @DisplayName("says what to do while it is empty")
    void empty() throws Exception {
        assertThat(get("/").body()).contains("No mail yet");
    }

    @Test
    @DisplayName("shows a mail that was sent, with its link to follow")
    void shows() throws Exception {
        send("Verify your address", "Open http://127.0.0.1:8081/verify?token=a-b_c to go on.");
        assertThat(get("/").body()).contains("<a href=\"/mails/1\">Verify your address</a>", "ann@example.com");
        assertThat(get("/mails/1").body()).contains("<a href=\"http://127.0.0.1:8081/verify?token=a-b_c\">");
        assertThat(Json.tree(get("/mails.json").body()).at("/0/text").asText()).contains("token=a-b_c");
    }

    @Test
    @DisplayName("shows markup in a mail as text, and its policy forbids scripts")
    void markup() throws Exception {
        send("<script>alert(1)</script>", "<img src=x onerror=alert(1)>");
        HttpResponse<String> page = get("/mails/1");
        assertThat(page.body()).doesNotContain("<script>", "<img").contains("&lt;img src=x onerror=alert(1)&gt;");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'none'")
                .doesNotContain("script-src");
    }

    @Test
    @DisplayName("answers 404 for a mail that is not there")
    void absent() throws Exception {
        assertThat(get("/mails/7").statusCode()).isEqualTo(404);
    }

    @Test
    @DisplayName(
            "that others reach opens to the owner's token, as a password or as a bearer token, and to nothing else")
    void token() throws Exception {
        try (Mailbox closed = Mailbox.start(
                vertx,
                WebServer.Options.loopback("mail").behind(new MailboxKey("the-token")),
                InstantSource.system())) {
            for (String path : List.of("/", "/mails/1", "/mails.json", "/mailbox.css", "/nothing")) {
                HttpResponse<String> refused = get(closed, path, null);
                assertThat(refused.statusCode()).as(path).isEqualTo(401);
                assertThat(refused.headers().firstValue("www-authenticate").orElseThrow())
                        .startsWith("Basic ");
            }
            for (String wrong :
                    List.of("Bearer other", "Bearer ", "Basic ", "Basic !", basic("the-token:"), "the-token")) {
                assertThat(get(closed, "/", wrong).statusCode()).as(wrong).isEqualTo(401);
            }
            for (String right : List.of("Bearer the-token", basic("ann:the-token"), basic(":the-token"))) {
                assertThat(get(closed, "/", right).statusCode()).as(right).isEqualTo(200);
            }
        }
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<String> get(Mailbox from, String path, @Nullable String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(from.uri().resolve(path));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private void send(String subject, String text) throws Exception {
        URI smtp = mailbox.smtpUri();
        GreenMailUtil.sendTextEmail(
                "ann@example.com",
                "gatehouse@example.com",
                subject,
                text,
                new ServerSetup(smtp.getPort(), smtp.getHost(), ServerSetup.PROTOCOL_SMTP));
        await().until(() -> !Json.tree(get("/mails.json").body()).isEmpty());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(mailbox.uri().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
