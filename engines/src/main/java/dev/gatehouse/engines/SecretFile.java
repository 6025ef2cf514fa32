package dev.gatehouse.engines;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** Files that only their owner may read. */
public final class SecretFile {
    private static final int LARGEST = 4_096;

    /** One line of at least 32 bytes in base64 or base64url. */
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_+/=-]{43,512}");

    /** What a damaged secret costs, which decides what to do about it. */
    public enum Loss {
        /** Nothing stored depends on it. */
        NONE("Restore it, or delete it: the next start makes a new one."),
        /** Something stored can be used with it alone. */
        STORED_DATA("Restore it from a backup: what is stored can be read with this one alone.");

        private final String advice;

        Loss(String advice) {
            this.advice = advice;
        }
    }

    /**
     * The file's text; when there is no such file, 32 random bytes in base64url that are written to it first.
     *
     * @throws EngineException when it is there and cannot be used: a sentence that says which file, why, and what to do
     */
    public static String readOrCreate(Path file, Loss loss) {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] random = new byte[32];
                new SecureRandom().nextBytes(random);
                write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
            }
            if (!Files.isRegularFile(file)) {
                throw damaged(file, "it is not a file", loss);
            }
            if (Files.size(file) > LARGEST) {
                throw damaged(file, "it is larger than any secret", loss);
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            if (!FORM.matcher(text).matches()) {
                throw damaged(
                        file,
                        text.isEmpty() ? "it is empty" : "it does not hold one line of 43 letters, digits, - and _",
                        loss);
            }
            return text;
        } catch (IOException e) {
            throw new EngineException(
                    "The secret " + file + " cannot be read or written (" + reason(e)
                            + "): give it to the user that runs Gatehouse, with mode 0600.",
                    e);
        }
    }

    private static EngineException damaged(Path file, String how, Loss loss) {
        return new EngineException("The secret " + file + " is damaged: " + how + ". " + loss.advice);
    }

    private static String reason(IOException failure) {
        return failure instanceof FileSystemException named && named.getReason() != null
                ? named.getReason()
                : failure.getClass().getSimpleName();
    }

    private SecretFile() {}

    /** Replaces the file in one step; at no moment can anyone else read it. */
    public static void write(Path file, String text) throws IOException {
        Path half = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                file.getFileName().toString(),
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(half, text + "\n");
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
