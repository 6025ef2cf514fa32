package dev.gatehouse.webhooks.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The long texts of an attempt, compressed by the DEFLATE of RFC 1951: answers are mostly JSON or HTML, which shrink to a fourth,
 * where the database's own compression leaves half and what is shorter than 2 KB as it is.
 */
record Packed(String requestHeaders, String responseHeaders, String responseBody) {
    /** What is shorter gains nothing. */
    private static final int SHORTEST = 512;

    /** More than any attempt keeps: what unpacks to more is damaged. */
    private static final int LONGEST = 256 * 1024;

    /** As PostgreSQL reads {@code bytea} from a text; null when it does not pay. */
    @Nullable
    String hex() {
        if (requestHeaders.length() + responseHeaders.length() + responseBody.length() < SHORTEST) {
            return null;
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(packed, deflater))) {
            for (String text : new String[] {requestHeaders, responseHeaders, responseBody}) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                out.writeInt(bytes.length);
                out.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return "\\x" + HexFormat.of().formatHex(packed.toByteArray());
    }

    /** @throws UncheckedIOException when it was not made by {@link #hex} */
    static Packed unpack(byte[] packed) {
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(packed)))) {
            return new Packed(next(in), next(in), next(in));
        } catch (IOException e) {
            throw new UncheckedIOException("the attempt's record is damaged", e);
        }
    }

    private static String next(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > LONGEST) {
            throw new IOException("a text of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
