package dev.gatehouse.app.listen;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A receiver's side of Standard Webhooks, written apart from the sender's: what it accepts, a customer's program accepts.
 *
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard Webhooks</a>
 */
public final class SignatureCheck {
    private static final String SECRET_PREFIX = "whsec_";
    private static final String VERSION = "v1,";
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    /** What became of a check. */
    public sealed interface Verdict {
        record Holds() implements Verdict {}

        /** @param reason in words */
        record Fails(String reason) implements Verdict {}
    }

    /**
     * A delivery's three headers.
     *
     * @param id {@code webhook-id}
     * @param timestamp {@code webhook-timestamp}, Unix seconds
     * @param signatures {@code webhook-signature}, one or several with spaces between them
     */
    public record Headers(String id, String timestamp, String signatures) {}

    private final byte[] key;

    /** @param secret as the endpoint shows it: {@code whsec_} and base64 */
    public SignatureCheck(String secret) {
        String encoded = secret.startsWith(SECRET_PREFIX) ? secret.substring(SECRET_PREFIX.length()) : secret;
        try {
            key = Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The secret is not whsec_ followed by base64.", e);
        }
    }

    public Verdict verify(Headers headers, byte[] body, Instant now) {
        long sent;
        try {
            sent = Long.parseLong(headers.timestamp());
        } catch (NumberFormatException e) {
            return new Verdict.Fails("webhook-timestamp is missing or no number");
        }
        Duration age = Duration.between(Instant.ofEpochSecond(sent), now).abs();
        if (age.compareTo(TOLERANCE) > 0) {
            return new Verdict.Fails("webhook-timestamp is " + age.toSeconds() + " s away from this machine's clock");
        }
        byte[] expected = Base64.getEncoder().encode(sign(headers, body));
        for (String signature : headers.signatures().split(" ")) {
            if (signature.startsWith(VERSION)
                    && MessageDigest.isEqual(
                            expected, signature.substring(VERSION.length()).getBytes(StandardCharsets.UTF_8))) {
                return new Verdict.Holds();
            }
        }
        return new Verdict.Fails("no signature in webhook-signature fits the secret");
    }

    private byte[] sign(Headers headers, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((headers.id() + "." + headers.timestamp() + ".").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
