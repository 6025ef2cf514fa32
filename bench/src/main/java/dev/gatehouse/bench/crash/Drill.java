package dev.gatehouse.bench.crash;

import dev.gatehouse.bench.crash.Blow.What;
import dev.gatehouse.gateway.journal.JournalStep;
import dev.gatehouse.metering.ledger.WriterStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What is to happen in one run under load. The seed fixes it wholly, as far as the machine's own timing allows.
 *
 * @param points of the processes that die by themselves: process to {@code STEP:n}
 * @param persistence whether Redis keeps what it has over a restart
 * @param quota of each journal in octets
 */
record Drill(
        String name,
        long seed,
        List<Blow> blows,
        Map<String, String> points,
        Persistence persistence,
        long quota,
        long loadMillis) {
    static final String[] PROCESSES = {"gateway-0", "gateway-1", "writer-0", "writer-1"};

    static final long WIDE = 64L << 20;
    private static final long NARROW = 128 * 1024;
    private static final int POINT_REACHES = 12;
    private static final long LONGER_THAN_A_LEASE = 3_000;

    /** What Redis keeps over a restart. */
    enum Persistence {
        /** An append-only file. */
        KEPT,
        /** Nothing. */
        LOST
    }

    Drill {
        blows = List.copyOf(blows);
        points = Map.copyOf(points);
    }

    /** Whether its journals are so small that they may run full. */
    boolean isJournalNarrow() {
        return quota == NARROW;
    }

    /** Whether a shard has to come to another writer in it. */
    boolean movesLeases() {
        return points.keySet().stream().anyMatch(process -> process.startsWith("writer"))
                || !isBySeed()
                        && List.of("writer-0", "writer-1").stream()
                                .allMatch(writer -> blows.stream()
                                        .anyMatch(blow -> blow.what() == What.PAUSE
                                                && blow.to().equals(writer)
                                                && blow.downMillis() >= LONGER_THAN_A_LEASE));
    }

    /** A little of everything, and nothing dies: what JVMs load is learned from it. */
    static Drill rehearsal() {
        return new Drill("rehearsal", 0, List.of(), Map.of(), Persistence.KEPT, WIDE, 1_500);
    }

    /** Whether chance chose what happens in it, so that some of it may never come to pass. */
    boolean isBySeed() {
        return name.startsWith("seed ");
    }

    /** The command that does the same again. */
    String replay() {
        return isBySeed()
                ? "./gatehouse bench crash --seed=" + seed
                : "./gatehouse bench crash --points=1 --first-seed=" + (seed - 1) + " --only=\"" + name + "\"";
    }

    /** One drill for each point at which a gateway or a writer can die, and for each thing that can happen to an engine. */
    static List<Drill> matrix(long seed, long loadMillis) {
        List<Drill> all = new ArrayList<>();
        for (JournalStep step : JournalStep.values()) {
            Random chance = new Random(seed + step.ordinal());
            boolean rare = step == JournalStep.BEFORE_SHIP || step == JournalStep.AFTER_SHIP;
            int reaches = 1 + chance.nextInt(rare ? POINT_REACHES : 20 * POINT_REACHES);
            all.add(new Drill(
                    "gateway dies " + words(step),
                    seed,
                    List.of(),
                    Map.of("gateway-0", step + ":" + reaches),
                    Persistence.KEPT,
                    WIDE,
                    loadMillis));
        }
        for (WriterStep step : WriterStep.values()) {
            int reaches = 1 + new Random(seed + 100 + step.ordinal()).nextInt(POINT_REACHES);
            Map<String, String> points = new LinkedHashMap<>();
            points.put("writer-0", step + ":" + reaches);
            points.put("writer-1", step + ":" + (reaches + 1));
            all.add(new Drill(
                    "writer dies " + words(step), seed, List.of(), points, Persistence.KEPT, WIDE, loadMillis));
        }
        all.add(blow("gateway killed", seed, Persistence.KEPT, WIDE, loadMillis, What.KILL, "gateway-1", 500));
        all.add(blow(
                "Redis killed, with persistence", seed, Persistence.KEPT, WIDE, loadMillis, What.KILL, "redis", 500));
        all.add(blow(
                "Redis killed, without persistence",
                seed,
                Persistence.LOST,
                WIDE,
                loadMillis,
                What.KILL,
                "redis",
                500));
        all.add(blow("PostgreSQL killed", seed, Persistence.KEPT, WIDE, loadMillis, What.KILL, "postgres", 500));
        all.add(new Drill(
                "writers paused past their lease",
                seed,
                List.of(
                        new Blow(loadMillis / 4, What.PAUSE, "writer-0", 3_500),
                        new Blow(loadMillis / 4 + 4_000, What.PAUSE, "writer-1", 3_500)),
                Map.of(),
                Persistence.KEPT,
                WIDE,
                Math.max(loadMillis, 8_000)));
        all.add(new Drill(
                "connections dropped",
                seed,
                List.of(
                        new Blow(loadMillis / 4, What.CUT, "all", 0),
                        new Blow(loadMillis / 2, What.CUT, "all", 0),
                        new Blow(loadMillis * 3 / 4, What.CUT, "all", 0)),
                Map.of(),
                Persistence.KEPT,
                WIDE,
                loadMillis));
        all.add(blow(
                "journal's quota used up while Redis is away",
                seed,
                Persistence.LOST,
                NARROW,
                Math.max(loadMillis, 7_000),
                What.KILL,
                "redis",
                5_000));
        return all;
    }

    private static Drill blow(
            String name,
            long seed,
            Persistence persistence,
            long quota,
            long loadMillis,
            What what,
            String to,
            long down) {
        return new Drill(
                name,
                seed,
                List.of(new Blow(loadMillis / 4 + new Random(seed).nextInt(1_000), what, to, down)),
                Map.of(),
                persistence,
                quota,
                loadMillis);
    }

    /** Two to five bad things by chance. */
    static Drill ofSeed(long seed, long loadMillis) {
        Random chance = new Random(seed);
        String[] victims = {"gateway-0", "gateway-1", "writer-0", "writer-1", "redis", "postgres"};
        List<Blow> blows = new ArrayList<>();
        Map<String, String> points = new LinkedHashMap<>();
        int count = 2 + chance.nextInt(4);
        for (int i = 0; i < count; i++) {
            long at = 300 + chance.nextInt((int) Math.max(1, loadMillis - 600));
            switch (chance.nextInt(8)) {
                case 0 -> blows.add(new Blow(at, What.CUT, "all", 0));
                case 1 ->
                    blows.add(new Blow(at, What.PAUSE, "writer-" + chance.nextInt(2), 500 + chance.nextInt(3_500)));
                case 2 -> {
                    JournalStep step = JournalStep.values()[chance.nextInt(JournalStep.values().length)];
                    points.put("gateway-" + chance.nextInt(2), step + ":" + (1 + chance.nextInt(100)));
                }
                case 3 -> {
                    // only the one that holds a lease can reach it, and then the one that takes over
                    WriterStep step = WriterStep.values()[chance.nextInt(WriterStep.values().length)];
                    points.put("writer-0", step + ":" + (1 + chance.nextInt(30)));
                    points.put("writer-1", step + ":" + (1 + chance.nextInt(30)));
                }
                default ->
                    blows.add(new Blow(at, What.KILL, victims[chance.nextInt(victims.length)], chance.nextInt(1_500)));
            }
        }
        return new Drill(
                "seed " + seed,
                seed,
                blows,
                points,
                chance.nextBoolean() ? Persistence.KEPT : Persistence.LOST,
                WIDE,
                loadMillis);
    }

    private static String words(Enum<?> step) {
        return step.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }

    /** What happens, in words. */
    String plan() {
        List<String> parts = new ArrayList<>();
        points.forEach((process, point) -> parts.add(process + " dies at " + point));
        blows.forEach(blow -> parts.add(blow.toString()));
        parts.add(persistence == Persistence.KEPT ? "Redis with persistence" : "Redis without persistence");
        return String.join("; ", parts);
    }
}
