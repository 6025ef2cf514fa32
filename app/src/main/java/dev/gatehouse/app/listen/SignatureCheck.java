package dev.gatehouse.app.listen;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
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
    private static final String PUBLIC_PREFIX = "whpk_";
    private static final String PUBLIC_VERSION = "v1a,";
    /** Of an Ed25519 key (RFC 8410), before its 32 bytes. */
    private static final byte[] KEY_INFO = HexFormat.of().parseHex("302a300506032b6570032100");

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

    /** Whether one signature, without its version, fits what was signed. */
    private interface Fit {
        boolean fits(byte[] signed, String signature) throws GeneralSecurityException;
    }

    private final String version;
    private final Fit fit;

    /** @param secret as the endpoint shows it: {@code whsec_} and base64, or the public key {@code whpk_} and base64 */
    public SignatureCheck(String secret) {
        try {
            if (secret.startsWith(PUBLIC_PREFIX)) {
                PublicKey key = publicKey(Base64.getDecoder().decode(secret.substring(PUBLIC_PREFIX.length())));
                version = PUBLIC_VERSION;
                fit = (signed, signature) -> {
                    Signature check = Signature.getInstance("Ed25519");
                    check.initVerify(key);
                    check.update(signed);
                    return check.verify(Base64.getDecoder().decode(signature));
                };
            } else {
                String encoded = secret.startsWith(SECRET_PREFIX) ? secret.substring(SECRET_PREFIX.length()) : secret;
                byte[] key = Base64.getDecoder().decode(encoded);
                version = VERSION;
                fit = (signed, signature) -> MessageDigest.isEqual(
                        Base64.getEncoder().encode(mac(key, signed)), signature.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new IllegalArgumentException("The secret is not whsec_ or whpk_ followed by base64.", e);
        }
    }

    private static PublicKey publicKey(byte[] key) throws GeneralSecurityException {
        byte[] encoded = Arrays.copyOf(KEY_INFO, KEY_INFO.length + key.length);
        System.arraycopy(key, 0, encoded, KEY_INFO.length, key.length);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
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
        byte[] signed = signed(headers, body);
        for (String signature : headers.signatures().split(" ")) {
            if (signature.startsWith(version) && fits(signed, signature.substring(version.length()))) {
                return new Verdict.Holds();
            }
        }
        return new Verdict.Fails("no signature in webhook-signature fits the secret");
    }

    private static byte[] signed(Headers headers, byte[] body) {
        byte[] head = (headers.id() + "." + headers.timestamp() + ".").getBytes(StandardCharsets.UTF_8);
        byte[] signed = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, signed, head.length, body.length);
        return signed;
    }

    private boolean fits(byte[] signed, String signature) {
        try {
            return fit.fits(signed, signature);
        } catch (IllegalArgumentException | SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256 and Ed25519", e);
        }
    }

    private static byte[] mac(byte[] key, byte[] signed) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(signed);
    }
}
