package dev.gatehouse.kernel.usage;

import java.nio.charset.StandardCharsets;

/** Reads what {@link FrameWriter} wrote; everything is checked against the frame's end before it is believed. */
final class FrameReader {
    private final byte[] bytes;
    private final int end;
    private int at;

    FrameReader(byte[] bytes, int offset, int length) {
        if (offset < 0 || length < 0 || length > bytes.length - offset) {
            throw new IndexOutOfBoundsException("offset " + offset + ", length " + length + " of " + bytes.length);
        }
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    int position() {
        return at;
    }

    boolean atEnd() {
        return at >= end;
    }

    int octet() throws MalformedUsageException {
        if (at >= end) {
            throw new MalformedUsageException("the frame ends too early");
        }
        return bytes[at++] & 0xff;
    }

    long unsigned() throws MalformedUsageException {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int octet = octet();
            value |= (long) (octet & 0x7f) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        throw new MalformedUsageException("a number is longer than 64 bits");
    }

    long signed() throws MalformedUsageException {
        long value = unsigned();
        return value >>> 1 ^ -(value & 1);
    }

    int count(int limit, String what) throws MalformedUsageException {
        long value = unsigned();
        if (value < 0 || value > limit) {
            throw new MalformedUsageException(what + " says " + Long.toUnsignedString(value) + ": more than " + limit);
        }
        return (int) value;
    }

    String text(int limit, String what) throws MalformedUsageException {
        long head = unsigned();
        boolean utf8 = (head & 1) != 0;
        long length = head >>> 1;
        if (length > (utf8 ? 3L * limit : limit)) {
            throw new MalformedUsageException(what + " is longer than " + limit + " characters");
        }
        if (length > end - at) {
            throw new MalformedUsageException(what + " reaches past the frame's end");
        }
        String text = new String(bytes, at, (int) length, utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        at += (int) length;
        return text;
    }

    int skip(int length, String what) throws MalformedUsageException {
        if (length > end - at) {
            throw new MalformedUsageException(what + " reaches past the end");
        }
        int start = at;
        at += length;
        return start;
    }
}
