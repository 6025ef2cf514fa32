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
import java.time.InstantSource;
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
