package dev.gatehouse.webhooks.signature;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A secret that an endpoint's owner and we share: {@code whsec_} and 24 to 64 bytes in base64. Signs as Standard Webhooks
 * says: HMAC-SHA-256 of {@code ID.TIMESTAMP.BODY}, in base64 behind {@code v1,}.
 *
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 *     Webhooks</a>
 */
public final class SigningSecret implements Signer {
    public static final String PREFIX = "whsec_";
    private static final int LEAST = 24;
    private static final int MOST = 64;
    private static final SecureRandom CHANCE = new SecureRandom();

    private final byte[] key;

    private SigningSecret(byte[] key) {
        this.key = key;
    }

    public static SigningSecret random() {
        byte[] key = new byte[LEAST];
        CHANCE.nextBytes(key);
        return new SigningSecret(key);
    }

    /** The secret that the text states; empty when it is none, or too short or too long. */
    public static Optional<SigningSecret> parse(String text) {
        if (!text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            byte[] key = Base64.getDecoder().decode(text.substring(PREFIX.length()));
            return key.length < LEAST || key.length > MOST ? Optional.empty() : Optional.of(new SigningSecret(key));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The secret as its owner gets it. */
    @Override
    public String text() {
        return PREFIX + Base64.getEncoder().encodeToString(key);
    }

    @Override
    public @Nullable String publicKey() {
        return null;
    }

    @Override
    public SigningSecret another() {
        return random();
    }

    /** As in {@code v1,g0hM9S…}. */
    @Override
    public String sign(String id, long timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }

    /** Whether one of the signatures, divided by spaces, is ours. */
    public boolean verifies(String id, long timestamp, byte[] body, String signatures) {
        byte[] ours = sign(id, timestamp, body).getBytes(StandardCharsets.UTF_8);
        boolean found = false;
        for (String given : signatures.split(" ")) {
            found |= MessageDigest.isEqual(ours, given.getBytes(StandardCharsets.UTF_8));
        }
        return found;
    }

    @Override
    public String toString() {
        return "SigningSecret[hidden]";
    }
}
