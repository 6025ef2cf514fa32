package dev.gatehouse.gateway.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.directory.EntryRules;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.directory.UnusableEntry.Kind;
import dev.gatehouse.runtime.json.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot's copy on disk, from which a gateway serves when it starts while the directory is away.
 *
 * <p>One entry a line, {@code CRC KIND JSON}: the CRC-32C of the rest in eight hexadecimal digits, {@code T}, {@code K} or
 * {@code R} for a tenant, a key or a route, and the entry. The first line is of kind {@code V} and holds the version, the
 * last of kind {@code E} and holds how many entries there are. A damaged line costs its own entry: a key or tenant that is
 * not there is refused. After any damage the version counts as unknown, and the directory is asked for everything.
 */
final class SnapshotFile {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFile.class);
    private static final HexFormat HEX = HexFormat.of();
    private static final int CRC = 8;

    private final Path file;
    private final Path older;

    SnapshotFile(Path folder) {
        file = folder.resolve("directory.copy");
        older = folder.resolve("directory.json");
    }

    /** What can be used of the last copy; empty when there is none, or nothing of it can be used. */
    Optional<ReadSnapshot> read() {
        try {
            if (Files.exists(file)) {
                return lines(Files.readAllBytes(file));
            }
            if (Files.exists(older)) {
                return Optional.of(ReadSnapshot.of(Files.readAllBytes(older)));
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.warn("The copy of the directory in {} cannot be read and is left aside.", file.getParent(), e);
        }
        return Optional.empty();
    }

    private Optional<ReadSnapshot> lines(byte[] bytes) {
        List<TenantEntry> tenants = new ArrayList<>();
        List<KeyEntry> keys = new ArrayList<>();
        List<RouteEntry> routes = new ArrayList<>();
        List<Damaged> damaged = new ArrayList<>();
        long version = 0;
        long promised = -1;
        int entries = 0;
        int broken = 0;
        for (int start = 0; start < bytes.length; ) {
            int end = start;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            if (isWhole(bytes, start, end)) {
                byte[] json = Arrays.copyOfRange(bytes, start + CRC + 3, end);
                entries++;
                switch (bytes[start + CRC + 1]) {
                    case 'T' ->
                        ReadSnapshot.entry(json, Kind.TENANT, TenantEntry.class, EntryRules::require, tenants, damaged);
                    case 'K' -> ReadSnapshot.entry(json, Kind.KEY, KeyEntry.class, EntryRules::require, keys, damaged);
                    case 'R' ->
                        ReadSnapshot.entry(json, Kind.ROUTE, RouteEntry.class, EntryRules::require, routes, damaged);
                    default -> {
                        entries--;
                        JsonNode node = Json.read(json, JsonNode.class);
                        version = node.path("version").asLong(version);
                        promised = node.path("entries").asLong(promised);
                    }
                }
            } else if (end > start) {
                broken++;
            }
            start = end + 1;
        }
        if (broken > 0 || promised != entries) {
            LOG.error(
                    "The copy of the directory {} is damaged: {} of its lines cannot be used, and {} entries can. What is"
                            + " missing is refused until the directory answers.",
                    file,
                    broken,
                    entries);
            version = 0;
        }
        return entries == 0
                ? Optional.empty()
                : Optional.of(new ReadSnapshot(0, version, tenants, keys, routes, List.of(), damaged));
    }

    private static boolean isWhole(byte[] bytes, int start, int end) {
        if (end - start < CRC + 3) {
            return false;
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, start + CRC, end - start - CRC);
        return HEX.toHexDigits((int) crc.getValue()).equals(new String(bytes, start, CRC, StandardCharsets.ISO_8859_1));
    }

    /** Replaces the copy as a whole: a crash leaves the old one or the new one. */
    void write(DirectoryCopy copy) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = file.resolveSibling("directory.copy.new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(fresh), 1 << 16)) {
            long entries = 0;
            line(out, 'V', Json.bytes(Map.of("version", copy.version())));
            for (TenantEntry tenant : copy.tenants()) {
                line(out, 'T', Json.bytes(tenant));
                entries++;
            }
            for (KeyEntry key : copy.keys()) {
                line(out, 'K', Json.bytes(key));
                entries++;
            }
            for (RouteEntry route : copy.routes()) {
                line(out, 'R', Json.bytes(route));
                entries++;
            }
            for (Damaged damaged : copy.damaged()) {
                line(out, damaged.kind().name().charAt(0), damaged.kept());
                entries++;
            }
            line(out, 'E', Json.bytes(Map.of("entries", entries)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(older);
    }

    private static void line(OutputStream out, char kind, byte[] json) throws IOException {
        byte[] rest = new byte[json.length + 3];
        rest[0] = ' ';
        rest[1] = (byte) kind;
        rest[2] = ' ';
        for (int i = 0; i < json.length; i++) {
            // JSON has line ends only between its tokens
            rest[i + 3] = json[i] == '\n' || json[i] == '\r' ? (byte) ' ' : json[i];
        }
        CRC32C crc = new CRC32C();
        crc.update(rest);
        out.write(HEX.toHexDigits((int) crc.getValue()).getBytes(StandardCharsets.ISO_8859_1));
        out.write(rest);
        out.write('\n');
    }
}
