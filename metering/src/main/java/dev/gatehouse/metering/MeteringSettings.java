package dev.gatehouse.metering;

import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.runtime.config.Settings;
import java.time.Duration;

/**
 * How the ledger is kept.
 *
 * @param shards {@code gatehouse.metering.shards}: streams, and writers at work at once; the same in every process
 * @param readers {@code gatehouse.metering.readers}: connections for reading
 * @param lease {@code gatehouse.metering.lease}: when a writer died, another takes its shards over after this time
 * @param lateAfter {@code gatehouse.metering.late-after}: an event that comes later than this is marked
 * @param window {@code gatehouse.metering.window}: an event that comes later than this is listed, not counted
 * @param keepCalls {@code gatehouse.metering.keep-calls}: how long single calls are kept; sums of hours and days stay
 * @param keepMinutes {@code gatehouse.metering.keep-minutes}: how long sums of minutes and percentiles are kept
 */
public record MeteringSettings(
        int shards,
        int readers,
        Duration lease,
        Duration lateAfter,
        Duration window,
        Duration keepCalls,
        Duration keepMinutes) {

    public static MeteringSettings of(Settings settings) {
        return new MeteringSettings(
                settings.integer("gatehouse.metering.shards", UsageStreams.DEFAULT_SHARDS),
                settings.integer("gatehouse.metering.readers", 6),
                settings.duration("gatehouse.metering.lease", Duration.ofSeconds(5)),
                settings.duration("gatehouse.metering.late-after", Duration.ofMinutes(5)),
                settings.duration("gatehouse.metering.window", Duration.ofDays(3)),
                settings.duration("gatehouse.metering.keep-calls", Duration.ofDays(400)),
                settings.duration("gatehouse.metering.keep-minutes", Duration.ofDays(14)));
    }
}
