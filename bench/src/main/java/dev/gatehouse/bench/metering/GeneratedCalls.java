package dev.gatehouse.bench.metering;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.usage.AdmissionRecord;
import dev.gatehouse.kernel.usage.Completion;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.kernel.usage.UsageEventIds;
import dev.gatehouse.kernel.usage.UsageOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Calls as a gateway records them, the same for the same seed: few tenants make most of them (the n-th of N falls on tenant
 * N·u², u even in 0..1), each with two keys, over ten operations; nine in ten answers are 200; times are lognormal.
 */
public final class GeneratedCalls {
    private static final String[] OPERATIONS = {
        "listListings",
        "getListing",
        "searchListings",
        "countListings",
        "getHistory",
        "getSales",
        "listSignals",
        "getArea",
        "getValue",
        "listChanges"
    };
    private static final int[] STATUSES = {200, 200, 200, 200, 200, 200, 200, 200, 200, 304, 404, 500};
    private static final int FRAMES_AN_ENTRY = 1_000;
    private static final long MADE = 1_750_000_000_000L;

    private final String producer;
    private final UsageEventIds ids;
    private final TenantId[] tenants;
    private final KeyId[] keys;
    private final RandomGenerator random;
    private final long epoch;
    private long seq;

    public GeneratedCalls(String producer, long epoch, int tenants, long seed) {
        this.producer = producer;
        this.epoch = epoch;
        this.ids = new UsageEventIds(producer, epoch);
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.tenants = new TenantId[tenants];
        this.keys = new KeyId[2 * tenants];
        for (int i = 0; i < tenants; i++) {
            this.tenants[i] = tenant(i);
            keys[2 * i] = new KeyId(PrefixedId.of(KeyId.PREFIX, MADE, 0, 2L * i));
            keys[2 * i + 1] = new KeyId(PrefixedId.of(KeyId.PREFIX, MADE, 0, 2L * i + 1));
        }
    }

    /** The tenant with this number, which is the same in every run; 0 has the most calls. */
    public static TenantId tenant(int number) {
        return new TenantId(PrefixedId.of(TenantId.PREFIX, MADE, 0, number));
    }

    public long epoch() {
        return epoch;
    }

    /** The next call. */
    public UsageEvent next(Instant at) {
        seq++;
        double chance = random.nextDouble();
        int tenant = (int) (chance * chance * tenants.length);
        int status = STATUSES[random.nextInt(STATUSES.length)];
        long cost = 1 + random.nextInt(3);
        long micros = (long) (8_000 * Math.exp(0.6 * random.nextGaussian()));
        UsageOutcome outcome = UsageOutcome.ofAdmitted(status, Completion.COMPLETE);
        return new UsageEvent(
                producer,
                epoch,
                seq,
                ids.id(at.toEpochMilli(), seq),
                at,
                tenants[tenant],
                keys[2 * tenant + (random.nextInt(4) == 0 ? 1 : 0)],
                KeyMode.LIVE,
                "growth",
                "listings",
                "v2",
                OPERATIONS[(int) (Math.min(random.nextDouble(), random.nextDouble()) * OPERATIONS.length)],
                "GET",
                status,
                Completion.COMPLETE,
                cost,
                outcome.charged(cost),
                outcome.billable(KeyMode.LIVE),
                0,
                1_000 + random.nextInt(4_000),
                micros - micros / 8,
                micros,
                PrefixedId.of("req", at.toEpochMilli(), epoch, seq),
                null,
                "http://127.0.0.1:9000",
                new AdmissionRecord(60_000, 59_000, seq, seq + cost, false),
                List.of("city", "limit"),
                List.of());
    }

    /** Stream entries with the next calls, as many a second as {@code rate} from {@code from} on. */
    public List<UsageBatch> entries(int count, Instant from, int rate) {
        UsageEventCodec codec = new UsageEventCodec();
        UsageBatch.Builder builder = new UsageBatch.Builder(UsageBatch.Kind.USAGE, producer, epoch);
        List<UsageBatch> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            UsageEvent event = next(from.plusNanos(i * 1_000_000_000L / rate / 1_000 * 1_000));
            int length = codec.encode(event);
            if (builder.count() == FRAMES_AN_ENTRY || !builder.add(event.seq(), codec.buffer(), 0, length)) {
                entries.add(builder.build());
                builder.clear();
                builder.add(event.seq(), codec.buffer(), 0, length);
            }
        }
        entries.add(builder.build());
        return entries;
    }
}
