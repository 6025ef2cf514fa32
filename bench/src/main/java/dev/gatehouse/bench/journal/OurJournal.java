package dev.gatehouse.bench.journal;

import dev.gatehouse.gateway.journal.GatewayJournal;
import dev.gatehouse.gateway.journal.JournalSettings;
import dev.gatehouse.gateway.report.UsageRecorder;
import dev.gatehouse.kernel.usage.Completion;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.runtime.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The gateway's own journal, as an event loop uses it: append, confirm, day counters, a tick now and then. */
final class OurJournal implements JournalContender {
    private static final int TICK = 1_000;

    private @Nullable GatewayJournal journal;
    private @Nullable UsageRecorder recorder;
    private int appended;

    @Override
    public String name() {
        return "the gateway's journal";
    }

    @Override
    public String survives() {
        return "all; a checksum tells what a loss of power tore";
    }

    @Override
    public void open(Path folder) throws IOException {
        // nothing listens there: segments stay, and the shipper waits
        journal = GatewayJournal.open(
                JournalSettings.of(Settings.of(Map.of()), folder), "redis://127.0.0.1:1", InstantSource.system());
        recorder = journal.recorder("gw_journal.0");
    }

    @Override
    public void append(UsageEvent event) {
        UsageRecorder to = recorder;
        if (to == null) {
            throw new IllegalStateException("not open");
        }
        to.nextSeq();
        to.append(event);
        to.confirm(event.seq(), Completion.COMPLETE);
        if (++appended % TICK == 0) {
            to.tick(Instant.now());
        }
    }

    @Override
    public void close() {
        if (recorder != null) {
            recorder.close();
        }
        if (journal != null) {
            journal.close();
        }
    }
}
