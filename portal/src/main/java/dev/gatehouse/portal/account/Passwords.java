package dev.gatehouse.portal.account;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/**
 * Passwords as Argon2id hashes (19 MiB, two passes, one lane: OWASP's password storage cheat sheet). At most one is hashed a
 * core, so that a flood of sign-ins takes neither the memory nor every core.
 */
public final class Passwords {
    static final int SHORTEST = 10;
    static final int LONGEST = 128;

    private static final Argon2Function FUNCTION = Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID);
    private static final Set<String> TRIVIAL = trivial();

    /** The hash of 32 random bytes that were thrown away: what an unknown address's password is compared with. */
    private static final String NOBODYS =
            "$argon2id$v=19$m=19456,t=2,p=1$DZyux85Og1sWNz3DHHn7uQ$KUNDQm29zJze/SZpq7l4cgaHHZuWhC/hv62Id8HuQe8";

    private final Semaphore cores = new Semaphore(Runtime.getRuntime().availableProcessors());

    public String hash(String password) {
        cores.acquireUninterruptibly();
        try {
            return Password.hash(password).addRandomSalt(16).with(FUNCTION).getResult();
        } finally {
            cores.release();
        }
    }

    /** @param hash empty for somebody unknown: takes the same time and is never right */
    public boolean matches(String password, Optional<String> hash) {
        cores.acquireUninterruptibly();
        try {
            boolean right = Password.check(password, hash.orElse(NOBODYS)).with(FUNCTION);
            return right && hash.isPresent();
        } finally {
            cores.release();
        }
    }

    /** What is wrong with a new password, in words; empty when nothing is. */
    public static Optional<String> fault(String password, String mail) {
        if (password.length() < SHORTEST) {
            return Optional.of("Use " + SHORTEST + " characters or more. A few words in a row are good.");
        }
        if (password.length() > LONGEST) {
            return Optional.of("Use at most " + LONGEST + " characters.");
        }
        String plain = password.toLowerCase(Locale.ROOT);
        String name = mail.split("@", 2)[0];
        if (TRIVIAL.contains(plain)
                || plain.chars().distinct().count() < 5
                || name.length() > 3 && plain.replaceAll("[0-9!.]+", "").equals(name)
                || plain.equals(mail)) {
            return Optional.of("This password is among the first that an attacker tries. Choose another.");
        }
        return Optional.empty();
    }

    private static Set<String> trivial() {
        try (InputStream list = Passwords.class.getResourceAsStream("trivial-passwords.txt")) {
            if (list == null) {
                throw new IllegalStateException("trivial-passwords.txt is missing in the jar");
            }
            return new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
