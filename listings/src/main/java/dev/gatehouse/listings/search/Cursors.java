package dev.gatehouse.listings.search;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes the place at which a search goes on as opaque text, and reads it back: the position, and 16 bytes of HMAC-SHA-256
 * over the position and the query. A cursor that was altered, or made for another query, is refused.
 */
public final class Cursors {
    private static final int SIGNATURE = 16;
    private static final int LONGEST = 1_000;

    private final byte[] key;

    /** @param key at least 32 bytes, the same in every process that serves listings */
    public Cursors(byte[] key) {
        this.key = key.clone();
    }

    public String write(ListingQuery query, Position position) {
        byte[] place = (position.sortValue() + '\0' + position.listingKey()).getBytes(StandardCharsets.UTF_8);
        byte[] signature = sign(query, place);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(SIGNATURE + place.length)
                        .put(signature)
                        .put(place)
                        .array());
    }

    /** @throws ProblemException 400 {@code invalid_cursor} */
    public Position read(ListingQuery query, String cursor) {
        byte[] bytes = decode(cursor);
        byte[] place = Arrays.copyOfRange(bytes, SIGNATURE, bytes.length);
        if (!MessageDigest.isEqual(sign(query, place), Arrays.copyOf(bytes, SIGNATURE))) {
            throw refused();
        }
        String[] parts = new String(place, StandardCharsets.UTF_8).split("\0", 2);
        return new Position(parts[0], parts[1]);
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

    private byte[] sign(ListingQuery query, byte[] place) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(query.toString().getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return Arrays.copyOf(mac.doFinal(place), SIGNATURE);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }

    private static ProblemException refused() {
        return new ProblemException(
                ProblemCode.INVALID_CURSOR,
                "The cursor is not one that this search gave. Take page.next of the answer before, with the same filters"
                        + " and order, or start again without a cursor.");
    }
}
