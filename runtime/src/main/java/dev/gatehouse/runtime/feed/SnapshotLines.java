package dev.gatehouse.runtime.feed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.runtime.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot on its way between two processes, one JSON object a line: first {@code {"service":…,"position":…}}, then the
 * events, last {@code {"events":N}}, without which it was broken off.
 */
public final class SnapshotLines {
    /** Its media type. */
    public static final String MEDIA_TYPE = "application/x-ndjson";

    private SnapshotLines() {}

    /** Writes a snapshot; {@link #end} is what makes it whole. */
    public static final class Writer {
        private final OutputStream out;
        private long events;

        public Writer(OutputStream out, String service, long position) throws IOException {
            this.out = out;
            line(Json.bytes(new Head(service, position)));
        }

        public void add(DomainEvent event) throws IOException {
            line(Json.bytes(event));
            events++;
        }

        public void end() throws IOException {
            line(Json.bytes(new Foot(events)));
        }

        private void line(byte[] json) throws IOException {
            out.write(json);
            out.write('\n');
        }
    }

    private record Head(String service, long position) {}

    private record Foot(long events) {}

    /**
     * Reads a snapshot's head, and the rest as it is asked for.
     *
     * @param in is closed with the snapshot
     */
    public static Snapshot read(InputStream in) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        JsonNode head = tree(lines.readLine());
        if (!head.hasNonNull("service") || !head.hasNonNull("position")) {
            throw new IOException("this is no snapshot: " + head);
        }
        return new Reader(
                lines, head.path("service").asText(), head.path("position").asLong());
    }

    private static JsonNode tree(@Nullable String line) throws IOException {
        if (line == null) {
            throw new IOException("the snapshot breaks off");
        }
        try {
            return Json.tree(line);
        } catch (UncheckedIOException e) {
            throw new IOException("the snapshot has a line that cannot be read", e);
        }
    }

    private static final class Reader implements Snapshot {
        private final BufferedReader lines;
        private final String service;
        private final long position;
        private long events;
        private boolean whole;

        Reader(BufferedReader lines, String service, long position) {
            this.lines = lines;
            this.service = service;
            this.position = position;
        }

        @Override
        public String service() {
            return service;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public List<DomainEvent> next(int limit) throws IOException {
            List<DomainEvent> next = new ArrayList<>();
            while (!whole && next.size() < limit) {
                JsonNode line = tree(lines.readLine());
                if (line.has("events")) {
                    if (line.path("events").asLong() != events) {
                        throw new IOException("the snapshot has " + events + " events and not " + line.path("events"));
                    }
                    whole = true;
                } else {
                    next.add(Json.MAPPER.treeToValue(line, DomainEvent.class));
                    events++;
                }
            }
            return next;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
