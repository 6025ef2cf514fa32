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

    /** How a receiver checks a delivery's signature, with the real secret in it. */
    /** @param secret or the public key, which a library of Standard Webhooks takes instead */
    static List<Snippet> verifying(String secret) {
        Snippet here = new Snippet("listen", "Try it here", """
                ./gatehouse listen 9001 --secret %s""".formatted(secret));
        if (secret.startsWith("whpk_")) {
            return List.of(here);
        }
        return List.of(
                here,
                new Snippet("python", "Python", """
                        import base64, hashlib, hmac, time

                        SECRET = base64.b64decode("%s"[len("whsec_"):])

                        def verified(headers, body: bytes) -> bool:
                            sent = headers["webhook-timestamp"]
                            if abs(time.time() - int(sent)) > 300:
                                return False
                            text = f'{headers["webhook-id"]}.{sent}.'.encode() + body
                            mine = base64.b64encode(hmac.digest(SECRET, text, "sha256")).decode()
                            return any(hmac.compare_digest("v1," + mine, given)
                                       for given in headers["webhook-signature"].split())""".formatted(secret)),
                new Snippet("javascript", "JavaScript", """
                        import { createHmac, timingSafeEqual } from "node:crypto";

                        const secret = Buffer.from("%s".slice("whsec_".length), "base64");

                        export function verified(headers, body) {
                          const sent = headers["webhook-timestamp"];
                          if (Math.abs(Date.now() / 1000 - Number(sent)) > 300) return false;
                          const text = `${headers["webhook-id"]}.${sent}.${body}`;
                          const mine = createHmac("sha256", secret).update(text).digest();
                          return headers["webhook-signature"].split(" ").some((given) => {
                            const theirs = Buffer.from(given.slice("v1,".length), "base64");
                            return theirs.length === mine.length && timingSafeEqual(theirs, mine);
                          });
                        }""".formatted(secret)),
                new Snippet("java", "Java", """
                        byte[] secret = Base64.getDecoder().decode("%s".substring("whsec_".length()));

                        boolean verified(String id, String timestamp, String signatures, byte[] body) throws Exception {
                            if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) > 300) {
                                return false;
                            }
                            Mac mac = Mac.getInstance("HmacSHA256");
                            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
                            mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
                            byte[] mine = mac.doFinal(body);
                            return Stream.of(signatures.split(" "))
                                .map(given -> Base64.getDecoder().decode(given.substring("v1,".length())))
                                .anyMatch(theirs -> MessageDigest.isEqual(theirs, mine));
                        }""".formatted(secret)));
    }

    /** One call of the reference, to be pasted. */
    static String curl(PortalSettings settings, String method, String path, boolean body) {
        String url = settings.gatewayUri().toString().replaceAll("/$", "") + path;
        return "curl " + (method.equals("GET") ? "" : "-X " + method + " ") + "'" + url + "' \\\n"
                + "  -H 'Authorization: Bearer YOUR_KEY'"
                + (body ? " \\\n  -H 'Content-Type: application/json' \\\n  -d @body.json" : "");
    }

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
