package dev.gatehouse.kernel.usage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes varints and short texts into a byte array of its own that never grows. Not safe for threads. */
final class FrameWriter {
    private final byte[] bytes;
    private int at;

    FrameWriter(int capacity) {
        bytes = new byte[capacity];
    }

    void reset() {
        at = 0;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return at;
    }

    int room() {
        return bytes.length - at;
    }

    void octet(int value) {
        bytes[at++] = (byte) value;
    }

    void octets(byte[] source, int offset, int length) {
        System.arraycopy(source, offset, bytes, at, length);
        at += length;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, at);
    }

    /** LEB128: seven bits an octet, lowest first. */
    void unsigned(long value) {
        byte[] out = bytes;
        int i = at;
        while ((value & ~0x7fL) != 0) {
            out[i++] = (byte) (value | 0x80);
            value >>>= 7;
        }
        out[i++] = (byte) value;
        at = i;
    }

    /** Zigzag: small numbers of either sign stay short. */
    void signed(long value) {
        unsigned(value << 1 ^ value >> 63);
    }

    /**
     * A text of at most {@code limit} characters; what is longer is cut. The length carries a low bit that says whether
     * UTF-8 follows instead of one octet a character.
     */
    void text(String text, int limit) {
        textFrom(text, 0, limit);
    }

    @SuppressWarnings("deprecation") // String.getBytes(int, int, byte[], int) is the one copy without an allocation
    void textFrom(String text, int start, int limit) {
        int end = Math.min(text.length(), start + limit);
        int length = end - start;
        for (int i = start; i < end; i++) {
            if (text.charAt(i) > 0x7f) {
                utf8(text.substring(start, end));
                return;
            }
        }
        unsigned((long) length << 1);
        text.getBytes(start, end, bytes, at);
        at += length;
    }

    private void utf8(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        unsigned((long) encoded.length << 1 | 1);
        System.arraycopy(encoded, 0, bytes, at, encoded.length);
        at += encoded.length;
    }
}
