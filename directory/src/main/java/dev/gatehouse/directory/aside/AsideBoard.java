package dev.gatehouse.directory.aside;

import dev.gatehouse.kernel.aside.AsideDecision;
import dev.gatehouse.kernel.aside.AsideReport;
import dev.gatehouse.kernel.aside.SetAside;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each process has said to have set aside. In memory: processes say it again every second, and a directory that has
 * just come up knows it a second later. A process that is not heard of is forgotten after a while, as what it held in memory
 * is gone with it.
 */
public final class AsideBoard {
    private static final Duration FORGET = Duration.ofMinutes(10);
    private static final int MOST_PROCESSES = 500;
    private static final int MOST_DECISIONS = 10_000;

    private final InstantSource clock;
    private final Map<String, Heard> processes = new LinkedHashMap<>();

    /** What was last heard of a process, and what it is to be told. */
    private static final class Heard {
        List<SetAside> records = List.of();
        final List<AsideDecision> decisions = new ArrayList<>();
        Instant at = Instant.EPOCH;
    }

    public AsideBoard(InstantSource clock) {
        this.clock = clock;
    }

    /** Takes a process's report, in the place of the one before, and says what it is to do. */
    public synchronized List<AsideDecision> heard(AsideReport report) {
        forget();
        if (!processes.containsKey(report.process()) && processes.size() >= MOST_PROCESSES) {
            return List.of();
        }
        Heard heard = processes.computeIfAbsent(report.process(), name -> new Heard());
        heard.records = report.records().stream().limit(AsideReport.MOST).toList();
        heard.at = clock.instant();
        List<AsideDecision> decisions = List.copyOf(heard.decisions);
        heard.decisions.clear();
        return decisions;
    }

    private void forget() {
        Instant before = clock.instant().minus(FORGET);
        processes.values().removeIf(heard -> heard.at.isBefore(before));
    }

    /** The oldest first. */
    public synchronized List<AsideView> list() {
        forget();
        Map<String, AsideView> views = new LinkedHashMap<>();
        processes.forEach((process, heard) -> heard.records.forEach(
                record -> views.merge(id(record), view(record, process, heard.at), AsideBoard::joined)));
        return views.values().stream()
                .sorted(Comparator.comparing(AsideView::firstSeen).thenComparing(AsideView::id))
                .toList();
    }

    public Optional<AsideView> find(String id) {
        return list().stream().filter(view -> view.id().equals(id)).findFirst();
    }

    /** Has every process that holds the record do so. */
    public synchronized void decide(AsideView view, AsideDecision.Kind kind, String reason) {
        for (String process : view.processes()) {
            Heard heard = processes.get(process);
            if (heard != null && heard.decisions.size() < MOST_DECISIONS) {
                heard.decisions.add(new AsideDecision(view.source(), view.record(), kind, reason));
            }
        }
    }

    private static AsideView view(SetAside record, String process, Instant at) {
        return new AsideView(
                id(record),
                record.source(),
                record.record(),
                record.reason(),
                record.firstSeen(),
                record.lastSeen(),
                record.times(),
                record.bytes(),
                record.digest(),
                List.of(process),
                at);
    }

    private static AsideView joined(AsideView one, AsideView other) {
        List<String> processes = new ArrayList<>(one.processes());
        processes.addAll(other.processes());
        AsideView newer = other.lastSeen().isAfter(one.lastSeen()) ? other : one;
        return new AsideView(
                one.id(),
                one.source(),
                one.record(),
                newer.reason(),
                one.firstSeen().isBefore(other.firstSeen()) ? one.firstSeen() : other.firstSeen(),
                newer.lastSeen(),
                Math.max(one.times(), other.times()),
                newer.bytes(),
                newer.digest(),
                processes,
                one.reportedAt().isAfter(other.reportedAt()) ? one.reportedAt() : other.reportedAt());
    }

    private static String id(SetAside record) {
        try {
            byte[] name = (record.source() + '\n' + record.record()).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(name), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
