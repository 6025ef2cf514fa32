package dev.gatehouse.gateway.snapshot;

import dev.gatehouse.kernel.directory.DirectorySnapshot;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The snapshot's copy on disk, from which a gateway serves when it starts while the directory is away. */
final class SnapshotFile {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFile.class);

    private final Path file;

    SnapshotFile(Path folder) {
        file = folder.resolve("directory.json");
    }

    /** The last copy; empty when there is none, or none that can be read. */
    Optional<DirectorySnapshot> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(Files.readAllBytes(file), DirectorySnapshot.class));
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("the snapshot's copy {} cannot be read and is left aside: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    /** Replaces the copy as a whole: a crash leaves the old one or the new one. */
    void write(DirectorySnapshot whole) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = file.resolveSibling("directory.json.new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(fresh, Json.bytes(whole));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
