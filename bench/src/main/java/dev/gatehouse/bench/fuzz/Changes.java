package dev.gatehouse.bench.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** Small changes to bytes: something cut out, put in, put in the place of something, said twice, or a few bits flipped. */
final class Changes {
    private final byte[][] spice;

    /** @param spice what is put in */
    Changes(String... spice) {
        this.spice = new byte[spice.length][];
        for (int i = 0; i < spice.length; i++) {
            this.spice[i] = spice[i].getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** One change, or the bytes as they were when nothing would be left of them. */
    byte[] change(byte[] bytes, RandomGenerator chance) {
        int at = chance.nextInt(bytes.length + 1);
        int length = Math.min(bytes.length - at, chance.nextInt(1, 12));
        byte[] some = spice[chance.nextInt(spice.length)];
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 300);
        out.write(bytes, 0, at);
        switch (chance.nextInt(5)) {
            // cut something out
            case 0 -> out.write(bytes, at + length, bytes.length - at - length);
            // put something in
            case 1 -> {
                out.writeBytes(some);
                out.write(bytes, at, bytes.length - at);
            }
            // put something in the place of something
            case 2 -> {
                out.writeBytes(some);
                out.write(bytes, at + length, bytes.length - at - length);
            }
            // say something twice
            case 3 -> {
                out.write(bytes, at, length);
                out.write(bytes, at, bytes.length - at);
            }
            // flip bits
            default -> {
                for (int i = 0; i < length; i++) {
                    out.write(bytes[at + i] ^ (1 << chance.nextInt(8)));
                }
                out.write(bytes, at + length, bytes.length - at - length);
            }
        }
        byte[] changed = out.toByteArray();
        return changed.length == 0 ? bytes : changed;
    }
}
