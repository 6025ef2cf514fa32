package dev.gatehouse.bench.poison;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.bench.poison.store.StoredRecords;
import dev.gatehouse.bench.sandbox.Caller;
import dev.gatehouse.bench.sandbox.Options;
import dev.gatehouse.bench.sandbox.SandboxInstallation;
import dev.gatehouse.bench.sandbox.SandboxInstallation.Allowance;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.runtime.redis.Redis;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code bench poison}: puts records that nobody can use on each feed, one at a time, while a tenant calls steadily. After
 * each, changes of others have to be felt within a second, a revoked key has to be refused, what is set aside has to be
 * listed, and it has to go once it is put right. At the end, and after each damage to the copy on disk, all has to start.
 */
public final class PoisonBench {
    private static final long WITHIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final SandboxInstallation sandbox;
    private final StoredRecords stored;
    private final Caller caller;
    private final List<String> rows = new ArrayList<>();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong served = new AtomicLong();
    private boolean stood = true;

    private PoisonBench(SandboxInstallation sandbox, StoredRecords stored, Caller caller) {
        this.sandbox = sandbox;
        this.stored = stored;
        this.caller = caller;
    }

    /** A way for a record to get where it is read. */
    private interface Feed {
        /** @return what is listed once it is set aside: a part of source and record */
        String poison(Damage damage) throws Exception;

        /** Puts it right, as far as that is not an operator's decision. */
        void heal() throws Exception;

        /** Whether what the record is about is refused; true where nothing is to be. */
        default boolean isRefused() throws Exception {
            return true;
        }
    }

    /** Runs it; exits with 1 when anything did not stand it. */
    public static void run(Path root, List<String> arguments) throws Exception {
        Options options = Options.parse(arguments, "feeds", "damages", "restarts", "seed", "port", "record");
        Report report = measure(options);
        System.out.println(report.text());
        if (options.text("record", "yes").equals("yes")) {
            Files.createDirectories(root.resolve("bench/results"));
            Files.writeString(root.resolve("bench/results/poison.md"), report.text());
        }
        if (!report.stood()) {
            System.exit(1);
        }
    }

    /**
     * @param stood whether every feed stood every damage
     * @param text the table
     */
    record Report(boolean stood, String text) {}

    /** {@code feeds} and {@code damages} name some of them, parted by commas; all by default. */
    static Report measure(Options options) throws Exception {
        long seed = Long.parseLong(options.text("seed", Long.toString(System.nanoTime())));
        try (SandboxInstallation sandbox = SandboxInstallation.start(options);
                StoredRecords stored = StoredRecords.open(sandbox.postgres().url());
                Caller caller = new Caller(sandbox.port())) {
            PoisonBench bench = new PoisonBench(sandbox, stored, caller);
            bench.all(options, new Random(seed));
            return new Report(bench.stood, bench.text(seed));
        }
    }

    private void all(Options options, Random random) throws Exception {
        Allowance allowance = new Allowance("growth", 1_000_000, 1_000_000, 1_000_000);
        String steady = sandbox.tenant("Steady", allowance);
        String odd = sandbox.tenant("Odd", allowance);
        AtomicBoolean stop = new AtomicBoolean();
        Thread load = Thread.ofVirtual().start(() -> call(steady, stop));
        for (Map.Entry<String, Feed> feed : feeds(odd, random).entrySet()) {
            if (isAmong(options.text("feeds", ""), feed.getKey())) {
                for (Damage damage : Damage.values()) {
                    if (isAmong(options.text("damages", ""), damage.name().toLowerCase(Locale.ROOT))) {
                        one(feed.getKey(), feed.getValue(), damage);
                    }
                }
            }
        }
        stop.set(true);
        load.join();
        if (failed.get() > 0) {
            stood = false;
        }
        restarts(steady, options.number("restarts", Damage.values().length));
    }

    private static boolean isAmong(String names, String name) {
        return names.isEmpty() || List.of(names.split(",")).contains(name);
    }

    private void call(String key, AtomicBoolean stop) {
        try (Caller own = new Caller(sandbox.port())) {
            while (!stop.get()) {
                int status = own.get("/v2/listings?limit=1", key).status();
                (status == 200 ? served : failed).incrementAndGet();
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, Feed> feeds(String oddKey, Random random) throws Exception {
        String keyId = sandbox.admin("GET", "/tenants/odd/keys", Map.of())
                .at("/data/0/id")
                .asText();
        Map<String, Feed> feeds = new java.util.LinkedHashMap<>();
        feeds.put("keys", new Feed() {
            @Override
            public String poison(Damage damage) throws Exception {
                stored.damageKey(keyId, damage);
                return keyId;
            }

            @Override
            public void heal() throws Exception {
                stored.healKey(keyId);
            }

            @Override
            public boolean isRefused() {
                return status("/v2/listings?limit=1", oddKey) == 503;
            }
        });
        feeds.put("tenants", new Feed() {
            @Override
            public String poison(Damage damage) throws Exception {
                stored.damageTenant("odd", damage);
                return "tnt_";
            }

            @Override
            public void heal() throws Exception {
                stored.healTenant("odd");
            }

            @Override
            public boolean isRefused() {
                return status("/v2/listings?limit=1", oddKey) == 503;
            }
        });
        feeds.put("routes", new Feed() {
            @Override
            public String poison(Damage damage) throws Exception {
                declare();
                within(PATIENCE_NANOS, () -> status("/v2/odd/x", oddKey) != 404);
                stored.damageRoute("odd", damage);
                return "gateway.directory odd";
            }

            @Override
            public void heal() throws Exception {
                // who declares a route again puts right what is stored of it
                declare();
                var unused = sandbox.admin("DELETE", "/routes/odd", Map.of());
            }

            private void declare() throws IOException {
                var unused = sandbox.admin(
                        "PUT",
                        "/routes/odd",
                        Map.of(
                                "prefixes",
                                List.of("/v2/odd"),
                                "pools",
                                List.of(Map.of("name", "default", "targets", List.of("http://127.0.0.1:9")))));
            }

            @Override
            public boolean isRefused() {
                return status("/v2/odd/x", oddKey) == 503;
            }
        });
        feeds.put("events", new Feed() {
            private long sequence;

            @Override
            public String poison(Damage damage) throws Exception {
                sequence = stored.event(damage);
                // the feed tells of news when it takes some; a consumer asks by itself within half a minute
                stored.outbox(Damage.DAMAGED);
                return ".feed event " + sequence;
            }

            @Override
            public void heal() throws Exception {
                stored.healEvent(sequence);
                decide(" event " + sequence, "retry");
                decide("listings.outbox", "drop");
            }
        });
        feeds.put("outbox", new Feed() {
            @Override
            public String poison(Damage damage) throws Exception {
                return "listings.outbox position " + stored.outbox(damage);
            }

            @Override
            public void heal() throws Exception {
                decide("listings.outbox", "drop");
            }
        });
        feeds.put("usage", new Feed() {
            @Override
            public String poison(Damage damage) {
                byte[] junk = new byte[damage == Damage.HUGE ? 3 << 20 : 200];
                random.nextBytes(junk);
                byte[] kind = (damage == Damage.FUTURE ? "u9" : "u").getBytes(StandardCharsets.UTF_8);
                Map<String, byte[]> fields = damage == Damage.DAMAGED
                        ? Map.of("x", junk)
                        : Map.of(
                                "k", kind,
                                "p", "poison".getBytes(StandardCharsets.UTF_8),
                                "e", "1".getBytes(StandardCharsets.UTF_8),
                                "f", "1".getBytes(StandardCharsets.UTF_8),
                                "n", "1".getBytes(StandardCharsets.UTF_8),
                                "b", junk);
                try (Redis redis = Redis.connect(sandbox.redis().url());
                        StatefulRedisConnection<String, byte[]> connection = redis.connectBytes()) {
                    var unused = connection.sync().xadd(UsageStreams.stream(0), fields);
                }
                return "ledger.usage";
            }

            @Override
            public void heal() throws Exception {
                decide("ledger.usage", "drop");
            }
        });
        return feeds;
    }

    private int status(String path, String key) {
        return caller.get(path, key).status();
    }

    private List<JsonNode> listed(String part) throws IOException {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode record : sandbox.admin("GET", "/set-aside", Map.of()).path("data")) {
            String name =
                    record.path("source").asText() + " " + record.path("record").asText();
            if (name.contains(part)) {
                found.add(record);
            }
        }
        return found;
    }

    private void decide(String part, String decision) throws IOException {
        for (JsonNode record : listed(part)) {
            var unused = sandbox.admin(
                    "POST", "/set-aside/" + record.path("id").asText() + "/" + decision + "?reason=bench", Map.of());
        }
    }

    private interface Check {
        boolean holds() throws Exception;
    }

    /** How long it took, in milliseconds; below 0 when it did not come to hold. */
    private static long within(long nanos, Check check) throws Exception {
        long began = System.nanoTime();
        do {
            if (check.holds()) {
                return (System.nanoTime() - began) / 1_000_000;
            }
            TimeUnit.MILLISECONDS.sleep(10);
        } while (System.nanoTime() - began < nanos);
        return -1;
    }

    private void one(String name, Feed feed, Damage damage) throws Exception {
        String part = feed.poison(damage);
        long felt = 0;
        // from before it is read until long after
        for (int i = 0; i < 4 && felt >= 0; i++) {
            long once = change();
            felt = once < 0 ? -1 : Math.max(felt, once);
        }
        long aside = within(PATIENCE_NANOS, () -> !listed(part).isEmpty());
        boolean refused = within(WITHIN_NANOS, feed::isRefused) >= 0;
        feed.heal();
        long healed = within(PATIENCE_NANOS, () -> listed(part).isEmpty());
        boolean good = felt >= 0 && aside >= 0 && refused && healed >= 0;
        stood &= good;
        rows.add("| %s | %s | %s | %s | %s | %s |"
                .formatted(
                        name,
                        damage.name().toLowerCase(Locale.ROOT),
                        aside < 0 ? "**no**" : "yes",
                        felt < 0 ? "**no**" : felt + " ms",
                        refused ? "yes" : "**no**",
                        healed < 0 ? "**no**" : "yes"));
    }

    /** Another tenant's new key works and is then revoked: how long the slower of both took to be felt, or below 0. */
    private long change() throws Exception {
        JsonNode made = sandbox.admin("POST", "/tenants/steady/keys", Map.of("name", "felt"));
        String key = made.path("key").asText();
        long works = within(WITHIN_NANOS, () -> status("/v2/listings?limit=1", key) == 200);
        var unused = sandbox.admin("POST", "/keys/" + made.path("id").asText() + "/revoke", Map.of());
        long ends = within(WITHIN_NANOS, () -> status("/v2/listings?limit=1", key) == 401);
        return works < 0 || ends < 0 ? -1 : Math.max(works, ends);
    }

    private void restarts(String key, int times) throws Exception {
        Path copy = sandbox.folder().resolve("data/gateway/directory.copy");
        for (int i = 0; i < times; i++) {
            Damage damage = Damage.values()[i % Damage.values().length];
            byte[] bytes = Files.readAllBytes(copy);
            switch (damage) {
                case DAMAGED -> {
                    for (int at = 10; at < bytes.length; at += 997) {
                        bytes[at] ^= 1;
                    }
                }
                case HUGE -> bytes = ("x".repeat(8 << 20) + "\n").getBytes(StandardCharsets.UTF_8);
                case FUTURE -> bytes = "{\"format\":\"of a release to come\"}\n".getBytes(StandardCharsets.UTF_8);
                case ODD -> bytes = new byte[0];
            }
            Files.write(copy, bytes);
            sandbox.restart();
            boolean serves = within(PATIENCE_NANOS, () -> status("/v2/listings?limit=1", key) == 200) >= 0;
            boolean ready = within(
                            PATIENCE_NANOS,
                            () -> sandbox.admin("GET", "/status", Map.of())
                                    .path("ready")
                                    .asBoolean())
                    >= 0;
            long felt = change();
            stood &= serves && ready && felt >= 0;
            rows.add("| copy on disk, started anew | %s | %s | %s | | %s |"
                    .formatted(
                            damage.name().toLowerCase(Locale.ROOT),
                            "left",
                            felt < 0 ? "**no**" : felt + " ms",
                            serves && ready ? "yes" : "**no**"));
        }
    }

    private String text(long seed) {
        return """
            # Records that nobody can use

            %s, seed %d. One at a time on each feed of a whole installation, while a tenant called steadily: %,d calls
            served, %d not. "Others" is the longest that another tenant's new key or its revocation took to be felt, of four
            of each right after the damage; more than a second counts as no. %s

            | feed | damage | set aside and listed | others | itself refused | healed |
            |---|---|---|---|---|---|
            %s
            """.formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        seed,
                        served.get(),
                        failed.get(),
                        stood ? "All stood it." : "**Not all stood it.**",
                        String.join("\n", rows));
    }
}
