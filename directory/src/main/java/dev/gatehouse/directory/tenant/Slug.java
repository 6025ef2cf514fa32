package dev.gatehouse.directory.tenant;

import java.text.Normalizer;
import java.util.Locale;
import java.util.function.Predicate;

/** Makes names that go well into addresses: {@code Acme Corp.} becomes {@code acme-corp}. */
final class Slug {
    static final String PATTERN = "[a-z][a-z0-9]*(-[a-z0-9]+)*";
    static final int LONGEST = 48;
    private static final int ROOM_FOR_NUMBER = 6;

    private Slug() {}

    /** A slug for the name; when it is taken, with the first number behind it that is free. */
    static String of(String name, Predicate<String> isTaken) {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}+", "")
                .replace("ß", "ss")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^[^a-z]+", "");
        String base = plain.substring(0, Math.min(plain.length(), LONGEST - ROOM_FOR_NUMBER))
                .replaceAll("-+$", "");
        if (base.isEmpty()) {
            base = "tenant";
        }
        String slug = base;
        for (int number = 2; isTaken.test(slug); number++) {
            slug = base + "-" + number;
        }
        return slug;
    }
}
