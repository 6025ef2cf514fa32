package dev.gatehouse.app.installation;

import dev.gatehouse.engines.SecretFile;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.file.DamagedFile;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of an installation, held by this process alone as long as it is open. */
public final class Installation implements AutoCloseable {
    private static final String RUNNING = "running.json";
    private static final String DEMO = "demo.json";
    private static final String ADMIN_TOKEN = "admin-token";
    private static final int LARGEST = 1 << 16;
    private static final Logger LOG = LoggerFactory.getLogger(Installation.class);

    private final Path folder;
    private final FolderLock lock;

    private Installation(Path folder, FolderLock lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Makes the folder when there is none, and takes it.
     *
     * @throws StartRefused when it cannot be used or is in use
     */
    public static Installation open(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(absolute)) {
                Files.createDirectories(absolute);
                Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString("rwx------"));
            }
            return new Installation(absolute, FolderLock.take(absolute));
        } catch (IOException e) {
            throw new StartRefused(
                    "The data folder " + absolute + " cannot be used: " + e.getMessage()
                            + ". Make it writable, or name another with --data.",
                    e);
        }
    }

    public Path folder() {
        return folder;
    }

    /** A file or folder of this installation. */
    public Path at(String name) {
        return folder.resolve(name);
    }

    /**
     * @param given the master secret that the settings name: base64url or base64 of at least 32 bytes, shared by all processes of an
     *     installation; when empty, one of the folder's own
     */
    public InternalSecrets secrets(Optional<String> given) {
        Path file = at("secret");
        if (given.isEmpty()
                && !Files.exists(file)
                && Files.exists(at("postgres").resolve("data"))) {
            throw new StartRefused(
                    "The secret " + file + " is missing, though the installation has data. Restore it from a"
                            + " backup: what is stored can be read with this one alone.");
        }
        String text = given.orElseGet(() -> SecretFile.readOrCreate(file, SecretFile.Loss.STORED_DATA));
        try {
            return new InternalSecrets(
                    Base64.getUrlDecoder().decode(text.strip().replace('+', '-').replace('/', '_')));
        } catch (IllegalArgumentException e) {
            if (given.isEmpty()) {
                throw new StartRefused(
                        "The secret " + file + " is damaged: it must hold 32 bytes in base64. Restore it from a"
                                + " backup: what is stored can be read with this one alone.");
            }
            throw new StartRefused("gatehouse.secret is not usable: it must be base64 of at least 32 random bytes."
                    + " Make one with: head -c 32 /dev/urandom | base64");
        }
    }

    /** The token with which this machine's owner administers the installation; made on the first start. */
    public String adminToken() {
        return SecretFile.readOrCreate(at(ADMIN_TOKEN), SecretFile.Loss.NONE);
    }

    public Path adminTokenFile() {
        return at(ADMIN_TOKEN);
    }

    /**
     * The demo tenant that an earlier start made. A file that cannot be read is set aside, and the demo tenant gets a new key.
     */
    public Optional<Demo> demo() {
        try {
            return read(at(DEMO), Demo.class);
        } catch (StartRefused damaged) {
            try {
                Path aside = DamagedFile.setAside(at(DEMO));
                LOG.warn("{} It is kept as {}; the demo tenant gets a new key.", damaged.getMessage(), aside);
                return Optional.empty();
            } catch (IOException e) {
                throw damaged;
            }
        }
    }

    public void keepDemo(Demo demo) {
        write(at(DEMO), Json.text(demo));
    }

    /** Says where this process can be reached, for commands that are given the folder. */
    public void announce(Running running) {
        write(at(RUNNING), Json.text(running));
    }

    /** What runs on a folder now, and with which token it is administered; empty when nothing does. */
    public static Optional<Reachable> reach(Path folder) {
        if (!FolderLock.isHeld(folder)) {
            return Optional.empty();
        }
        return read(folder.resolve(RUNNING), Running.class).map(running -> new Reachable(running, token(folder)));
    }

    private static String token(Path folder) {
        try {
            return Files.readString(folder.resolve(ADMIN_TOKEN)).strip();
        } catch (IOException e) {
            throw new StartRefused("The admin token in " + folder.resolve(ADMIN_TOKEN) + " cannot be read: "
                    + e.getMessage() + ". Run this as the user that runs gatehouse, or give --url and --token.");
        }
    }

    /** @throws StartRefused when it is there and is not what was written */
    private static <T> Optional<T> read(Path file, Class<T> type) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= LARGEST) {
                T found = Json.read(Files.readString(file, StandardCharsets.UTF_8), type);
                if (found != null && isWhole(found)) {
                    return Optional.of(found);
                }
            }
        } catch (IOException | RuntimeException e) {
            throw damaged(file, e);
        }
        throw damaged(file, null);
    }

    /** A record that was read from half a file has components that nobody gave. */
    private static boolean isWhole(Object found) {
        return Stream.of(found.getClass().getRecordComponents()).allMatch(component -> {
            try {
                return component.getAccessor().invoke(found) != null;
            } catch (ReflectiveOperationException e) {
                return false;
            }
        });
    }

    private static StartRefused damaged(Path file, @Nullable Exception cause) {
        return new StartRefused(
                file
                        + " is damaged: it does not hold what Gatehouse wrote there. Delete it and start Gatehouse again: it is"
                        + " written anew.",
                cause == null ? new IOException("incomplete") : cause);
    }

    private static void write(Path file, String text) {
        try {
            SecretFile.write(file, text);
        } catch (IOException e) {
            throw new StartRefused(
                    file + " cannot be written (" + e.getMessage()
                            + "). Make the data folder writable, and free space on its" + " disk.",
                    e);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(at(RUNNING));
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot leave " + folder, e);
        }
    }
}
