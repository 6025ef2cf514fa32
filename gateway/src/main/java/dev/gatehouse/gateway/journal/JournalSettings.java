package dev.gatehouse.gateway.journal;

import dev.gatehouse.runtime.config.Settings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How the journal is kept.
 *
 * @param folder where its segments are
 * @param segmentBytes {@code gatehouse.journal.segment}: the size of a segment; two are there per event loop at least
 * @param quotaBytes {@code gatehouse.journal.quota}: the most that segments of one event loop may take. When it is used up,
 *     calls are served all the same, and the events that found no room are declared a gap
 * @param pace {@code gatehouse.journal.pace}: how often what was appended is handed to Redis, which is what the loss of the
 *     whole machine may cost while Redis answers
 * @param sync {@code gatehouse.journal.sync}: how often what was appended is forced to the disk, which is what a loss of
 *     power may cost; zero leaves it to the operating system's page cache. The death of the process costs nothing either way
 * @param shards {@code gatehouse.metering.shards}
 */
public record JournalSettings(
        Path folder, int segmentBytes, long quotaBytes, Duration pace, Duration sync, int shards) {
    /** The usual {@code pace}. */
    public static final Duration PACE = Duration.ofMillis(25);

    static final int SMALLEST_SEGMENT = 64 * 1024;

    public JournalSettings {
        if (segmentBytes < SMALLEST_SEGMENT || quotaBytes < 2L * segmentBytes) {
            throw new IllegalArgumentException("gatehouse.journal.segment must be at least " + SMALLEST_SEGMENT
                    + " bytes, and gatehouse.journal.quota room for two segments");
        }
        if (pace.compareTo(Duration.ofMillis(1)) < 0 || pace.compareTo(Duration.ofSeconds(1)) > 0) {
            throw new IllegalArgumentException("gatehouse.journal.pace must be from 1ms to 1s, it is " + pace);
        }
    }

    public static JournalSettings of(Settings settings, Path folder) {
        return new JournalSettings(
                folder,
                settings.integer("gatehouse.journal.segment", 8 << 20),
                settings.number("gatehouse.journal.quota", 1L << 30),
                settings.duration("gatehouse.journal.pace", PACE),
                settings.duration("gatehouse.journal.sync", Duration.ZERO),
                settings.integer("gatehouse.metering.shards", dev.gatehouse.kernel.usage.UsageStreams.DEFAULT_SHARDS));
    }
}
