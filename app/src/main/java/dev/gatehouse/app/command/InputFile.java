package dev.gatehouse.app.command;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that a command was given to read. */
final class InputFile {
    private InputFile() {}

    /** @throws CommandFailure when there is none */
    static void require(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new CommandFailure(Exit.NOT_FOUND, "There is no file " + file + ".");
        }
    }

    /**
     * Its text, UTF-8.
     *
     * @param what it should hold, as in {@code prices}
     * @throws CommandFailure saying why it cannot be read
     */
    static String text(String what, Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new CommandFailure(Exit.NOT_FOUND, "There is no file " + file + " to read " + what + " from.");
        } catch (AccessDeniedException e) {
            throw new CommandFailure(Exit.NOT_FOUND, "You may not read the file " + file + ".");
        } catch (CharacterCodingException e) {
            throw new CommandFailure(Exit.USAGE, "The file " + file + " is not text in UTF-8.");
        } catch (IOException e) {
            throw new CommandFailure(Exit.NOT_FOUND, "The file " + file + " cannot be read: " + e.getMessage());
        }
    }
}
