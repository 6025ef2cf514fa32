package dev.gatehouse.e2e.harness;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.runtime.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The mailbox, read as somebody who waits for a link. */
public final class Mails {
    private static final Duration SOON = Duration.ofMinutes(2);

    private Mails() {}

    /**
     * The link in a mail to somebody, waited for.
     *
     * @param status what {@code status --json} says
     * @param kind as in {@code verify} or {@code invitations}
     */
    public static URI linkTo(JsonNode status, String mail, String kind) {
        Pattern pattern = Pattern.compile("http://[^ ]+/" + kind + "/[A-Za-z0-9_-]{43}");
        URI[] found = new URI[1];
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(status.at("/mail/url").asText() + "/mails.json"))
                    .build();
            await().atMost(SOON).until(() -> {
                for (JsonNode one : Json.tree(
                        http.send(request, HttpResponse.BodyHandlers.ofString()).body())) {
                    Matcher link = pattern.matcher(one.path("text").asText());
                    if (one.path("to").asText().contains(mail) && link.find()) {
                        found[0] = URI.create(link.group());
                    }
                }
                return found[0] != null;
            });
        }
        return found[0];
    }
}
