package dev.gatehouse.bench.crash;

import dev.gatehouse.app.start.Logging;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.metering.MeteringSettings;
import dev.gatehouse.metering.TenantDirectory;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.runtime.telemetry.Telemetry;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A ledger's writer of a drill, in a process of its own, which may die at a {@link CrashPoint}. */
public final class CrashWriter {
    private static final int PATIENCE_SECONDS = 60;

    private CrashWriter() {}

    /** The settings that all processes of a drill share: a lease so short that a takeover fits into a drill. */
    static MeteringSettings settings() {
        return MeteringSettings.of(Settings.of(Map.of("gatehouse.metering.lease", "2s")));
    }

    /** @param args name, database, Redis */
    public static void main(String[] args) throws Exception {
        Logging.toStandardOutput();
        CrashPoint point = CrashPoint.ofProperty();
        Redis redis = patiently(() -> Redis.connect(args[2]));
        MeteringModule module = patiently(() -> MeteringModule.open(
                DatabaseUrl.parse(args[1]), settings(), InstantSource.system(), (step, shard) -> point.reached(step)));
        module.startWriters(
                redis,
                TenantDirectory.OPEN,
                args[0] + "-" + ProcessHandle.current().pid(),
                new Telemetry().meters());
        Thread.currentThread().join();
    }

    /** What may fail while an engine comes up. */
    interface Attempt<T> {
        T make() throws Exception;
    }

    /** What starts a process again does the same: an engine may be away while it comes up. */
    static <T> T patiently(Attempt<T> attempt) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                return attempt.make();
            } catch (Exception e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }
}
