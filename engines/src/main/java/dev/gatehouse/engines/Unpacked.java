package dev.gatehouse.engines;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * The engines' programs, unpacked once per user into a cache and shared by all installations. A folder in the cache is
 * whole or absent: it is filled under another name and then renamed, so that two starts at once do no harm.
 */
final class Unpacked {
    /** The versions of the libraries the programs come from; a new one gets a folder of its own. */
    private static final String POSTGRES = "postgres-18.0.0";

    private static final String REDIS = "redis-6.2.6";

    private Unpacked() {}

    /** The folder that holds PostgreSQL's {@code bin}, {@code lib} and {@code share}. */
    static Path postgres(Path cache) {
        String archive = resource("/postgres-linux-x86_64.txz", "/postgres-linux-arm_64.txz", "GATEHOUSE_DATABASE_URL");
        return once(cache, POSTGRES, folder -> untar(archive, folder));
    }

    /** The program {@code redis-server}. */
    static Path redis(Path cache) {
        String program = resource(
                "/redis-server-6.2.6-v5-linux-amd64", "/redis-server-6.2.7-linux-arm64", "GATEHOUSE_REDIS_URL");
        Path folder = once(cache, REDIS, target -> {
            Path file = target.resolve("redis-server");
            try (InputStream in = open(program)) {
                Files.copy(in, file);
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        });
        return folder.resolve("redis-server");
    }

    /** Where the programs of all installations of this user are kept. */
    static Path userCache() {
        @Nullable String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg == null || xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return base.resolve("gatehouse");
    }

    private interface Fill {
        void into(Path folder) throws IOException;
    }

    private static Path once(Path cache, String name, Fill fill) {
        Path folder = cache.resolve(name);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        try {
            Files.createDirectories(cache);
            Path half = Files.createTempDirectory(cache, name + "-");
            Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rwxr-xr-x"));
            try {
                fill.into(half);
                Files.move(half, folder, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException | DirectoryNotEmptyException | AtomicMoveNotSupportedException e) {
                if (!Files.isDirectory(folder)) {
                    throw e;
                }
            } finally {
                delete(half);
            }
            return folder;
        } catch (IOException e) {
            throw new EngineException(
                    "Cannot unpack " + name + " into " + cache + ": " + e.getMessage()
                            + ". Make that folder writable, or name another with XDG_CACHE_HOME.",
                    e);
        }
    }

    private static void untar(String archive, Path folder) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(open(archive), 1 << 16)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException(archive + " has an entry outside its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(Optional.ofNullable(target.getParent()).orElse(folder));
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, target);
                    boolean program = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            target, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    private static String resource(String amd64, String arm64, String instead) {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        String name = arch.equals("aarch64") ? arm64 : amd64;
        if (!os.contains("linux") || Unpacked.class.getResource(name) == null) {
            throw new EngineException("There is no embedded engine for " + os + " on " + arch
                    + ". Start one yourself and name it with " + instead + ".");
        }
        return name;
    }

    private static InputStream open(String resource) throws IOException {
        InputStream in = Unpacked.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IOException(resource + " is missing from the class path");
        }
        return in;
    }

    /** Deletes a folder with all that is in it; what is gone already is no error. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
