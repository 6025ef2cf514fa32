package dev.gatehouse.gateway.snapshot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * A SHA-256 as a key of a map. Two are compared as a whole, without stopping at the first difference; and as it is a hash
 * that is compared, time tells nothing about the key it was made from.
 */
public record Digest(long a, long b, long c, long d) {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** @param bytes 32 of them */
    public static Digest of(byte[] bytes) {
        return new Digest((long) LONGS.get(bytes, 0), (long) LONGS.get(bytes, 8), (long) LONGS.get(bytes, 16), (long)
                LONGS.get(bytes, 24));
    }

    /** @param hex 64 hexadecimal digits */
    public static Digest ofHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    public String hex() {
        HexFormat format = HexFormat.of();
        return format.toHexDigits(a) + format.toHexDigits(b) + format.toHexDigits(c) + format.toHexDigits(d);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest that && ((a ^ that.a) | (b ^ that.b) | (c ^ that.c) | (d ^ that.d)) == 0;
    }

    @Override
    public int hashCode() {
        return (int) a;
    }
}
