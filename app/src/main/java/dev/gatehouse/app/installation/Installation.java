package dev.gatehouse.app.installation;

import dev.gatehouse.engines.SecretFile;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Optional;

/** The folder of an installation, held by this process alone as long as it is open. */
public final class Installation implements AutoCloseable {
    private static final String RUNNING = "running.json";
    private static final String DEMO = "demo.json";
    private static final String ADMIN_TOKEN = "admin-token";

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
        String text = given.orElseGet(() -> SecretFile.readOrCreate(at("secret")));
        try {
            return new InternalSecrets(
                    Base64.getUrlDecoder().decode(text.strip().replace('+', '-').replace('/', '_')));
        } catch (IllegalArgumentException e) {
            throw new StartRefused("gatehouse.secret is not usable: it must be base64 of at least 32 random bytes."
                    + " Make one with: head -c 32 /dev/urandom | base64");
        }
    }

    /** The token with which this machine's owner administers the installation; made on the first start. */
    public String adminToken() {
        return SecretFile.readOrCreate(at(ADMIN_TOKEN));
    }

    public Path adminTokenFile() {
        return at(ADMIN_TOKEN);
    }

    /** The demo tenant that an earlier start made. */
    public Optional<Demo> demo() {
        return read(at(DEMO), Demo.class);
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

    private static <T> Optional<T> read(Path file, Class<T> type) {
        try {
            return Files.exists(file)
                    ? Optional.of(Json.read(Files.readString(file, StandardCharsets.UTF_8), type))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static void write(Path file, String text) {
        try {
            SecretFile.write(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
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
