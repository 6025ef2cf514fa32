package dev.gatehouse.app.command;

import java.nio.file.Files;
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
}
