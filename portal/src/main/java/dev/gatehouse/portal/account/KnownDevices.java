package dev.gatehouse.portal.account;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Marks browsers in which somebody signed in: a time, 64 random bits, and an HMAC-SHA-256 over both and the mail address, cut
 * to 192 bits. The mark signs nobody in; it lets its person try the password however often others try it elsewhere.
 */
final class KnownDevices {
    /** How long a browser stays known after its last sign-in. */
    static final Duration LIFE = Duration.ofDays(180);

    private static final int HEAD = 2 * Long.BYTES;
    private static final int TAG = 24;
    private static final SecureRandom CHANCE = new SecureRandom();

    private final byte[] key;
    private final InstantSource clock;

    /** @param key 32 secret bytes, the same in every portal process */
    KnownDevices(byte[] key, InstantSource clock) {
        this.key = key.clone();
        this.clock = clock;
    }

    /** A new mark for a browser, as its cookie has it. */
    String mark(String mail) {
        byte[] head = ByteBuffer.allocate(HEAD)
                .putLong(clock.instant().getEpochSecond())
                .putLong(CHANCE.nextLong())
                .array();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(HEAD + TAG)
                        .put(head)
                        .put(tag(mail, head))
                        .array());
    }

    /** What the browser's tries are counted by; empty when this person has not signed in there. */
    Optional<String> known(String mail, String cookie) {
        byte[] mark;
        try {
            mark = Base64.getUrlDecoder().decode(cookie);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (mark.length != HEAD + TAG) {
            return Optional.empty();
        }
        byte[] head = Arrays.copyOf(mark, HEAD);
        if (!MessageDigest.isEqual(Arrays.copyOfRange(mark, HEAD, mark.length), tag(mail, head))) {
            return Optional.empty();
        }
        Instant made = Instant.ofEpochSecond(ByteBuffer.wrap(head).getLong());
        return clock.instant().isBefore(made.plus(LIFE)) ? Optional.of(cookie) : Optional.empty();
    }

    private byte[] tag(String mail, byte[] head) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(head);
            return Arrays.copyOf(mac.doFinal(mail.getBytes(StandardCharsets.UTF_8)), TAG);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }
}
