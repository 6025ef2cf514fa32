package dev.gatehouse.runtime.api;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes the place at which a list goes on as opaque text, and reads it back: the place, and 16 bytes of HMAC-SHA-256 over the
 * place and the query. A cursor that was altered, or made for another query, is refused.
 */
public final class PageCursors {
    private static final int SIGNATURE = 16;
    private static final int LONGEST = 1_000;
    private static final String BETWEEN = "\0";

    private final byte[] key;

    /** @param key at least 32 bytes, the same in every process that serves the list */
    public PageCursors(byte[] key) {
        this.key = key.clone();
    }

    /**
     * @param query what was asked, as text: filters and order
     * @param place the last item's values by which the list is ordered, without NUL characters
     */
    public String write(String query, List<String> place) {
        byte[] bytes = String.join(BETWEEN, place).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(SIGNATURE + bytes.length)
                        .put(sign(query, bytes))
                        .put(bytes)
                        .array());
    }

    /** @throws ProblemException 400 {@code invalid_cursor} */
    public List<String> read(String query, String cursor) {
        byte[] bytes = decode(cursor);
        byte[] place = Arrays.copyOfRange(bytes, SIGNATURE, bytes.length);
        if (!MessageDigest.isEqual(sign(query, place), Arrays.copyOf(bytes, SIGNATURE))) {
            throw refused();
        }
        return List.of(new String(place, StandardCharsets.UTF_8).split(BETWEEN, -1));
    }

    private static byte[] decode(String cursor) {
        if (cursor.length() > LONGEST) {
            throw refused();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            if (bytes.length <= SIGNATURE) {
                throw refused();
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw refused();
        }
    }

    private byte[] sign(String query, byte[] place) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(query.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return Arrays.copyOf(mac.doFinal(place), SIGNATURE);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }

    private static ProblemException refused() {
        return new ProblemException(
                ProblemCode.INVALID_CURSOR,
                "The cursor is not one that this query gave. Take page.next of the answer before, with the same filters, or"
                        + " start again without a cursor.");
    }
}
