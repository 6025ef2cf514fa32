package dev.gatehouse.app.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where an installation lives when nothing else is said: {@code data} beside the launcher. */
final class DataFolder {
    private DataFolder() {}

    static Path of(@Nullable Path given) {
        if (given != null) {
            return given.toAbsolutePath().normalize();
        }
        String named = System.getenv("GATEHOUSE_DATA");
        if (named != null && !named.isBlank()) {
            return Path.of(named).toAbsolutePath().normalize();
        }
        return Path.of(System.getProperty("gatehouse.root", "."), "data")
                .toAbsolutePath()
                .normalize();
    }
}
