package dev.gatehouse.portal.page;

import dev.gatehouse.portal.PortalSettings;
import java.util.List;

/** The first call in the languages that people ask for, with the real key and address in it. */
public final class Quickstart {
    private Quickstart() {}

    /**
     * A piece of code.
     *
     * @param id as it stands in the page's anchors
     */
    public record Snippet(String id, String language, String code) {}

    static List<Snippet> of(PortalSettings settings, String key) {
        String url = settings.gatewayUri().toString().replaceAll("/$", "") + settings.sampleCall();
        return List.of(
                new Snippet("curl", "curl", """
                        curl '%s' \\
                          -H 'Authorization: Bearer %s'""".formatted(url, key)),
                new Snippet("python", "Python", """
                        import urllib.request

                        request = urllib.request.Request(
                            "%s",
                            headers={"Authorization": "Bearer %s"},
                        )
                        with urllib.request.urlopen(request) as answer:
                            print(answer.read().decode())""".formatted(url, key)),
                new Snippet("javascript", "JavaScript", """
                        const answer = await fetch("%s", {
                          headers: { Authorization: "Bearer %s" },
                        });
                        console.log(answer.status, await answer.json());""".formatted(url, key)),
                new Snippet("java", "Java", """
                        HttpRequest request = HttpRequest.newBuilder(URI.create("%s"))
                            .header("Authorization", "Bearer %s")
                            .build();
                        System.out.println(HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.ofString())
                            .body());""".formatted(url, key)));
    }
}
