package dev.gatehouse.runtime.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** A file or folder that cannot be used and is kept all the same, for whoever may still read something out of it. */
public final class DamagedFile {
    private DamagedFile() {}

    /**
     * Renames it to {@code NAME.damaged-N} beside itself, N counted from 1, and never over another one.
     *
     * @return its new place
     */
    public static Path setAside(Path file) throws IOException {
        for (int n = 1; ; n++) {
            Path aside = file.resolveSibling(file.getFileName() + ".damaged-" + n);
            if (!Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
                return Files.move(file, aside);
            }
        }
    }
}
