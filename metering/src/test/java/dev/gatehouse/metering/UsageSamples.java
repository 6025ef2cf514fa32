package dev.gatehouse.metering;

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

/** Events as a gateway would make them, by number. */
public final class UsageSamples {
    private static final int[] STATUSES = {200, 200, 200, 200, 304, 404, 500, 200};
    private static final String[] OPERATIONS = {"listListings", "getListing", "searchListings"};

    private UsageSamples() {}

    public static TenantId tenant(int number) {
        return new TenantId(PrefixedId.of(TenantId.PREFIX, 1_700_000_000_000L, 0, number));
    }

    public static KeyId key(int number) {
        return new KeyId(PrefixedId.of(KeyId.PREFIX, 1_700_000_000_000L, 0, number));
    }

    /** The event with this number of a producer; tenant, key, operation, status and cost follow from the number. */
    public static UsageEvent event(String producer, long epoch, long seq, Instant at) {
        int n = (int) (seq % 1_000_003);
        int status = STATUSES[n % STATUSES.length];
        long cost = 1 + n % 3;
        KeyMode mode = n % 10 == 9 ? KeyMode.TEST : KeyMode.LIVE;
        UsageOutcome outcome = UsageOutcome.ofAdmitted(status, Completion.COMPLETE);
        return new UsageEvent(
                producer,
                epoch,
                seq,
                new UsageEventIds(producer, epoch).id(at.toEpochMilli(), seq),
                at,
                tenant(n % 5),
                key(n % 7),
                mode,
                "growth",
                "listings",
                "v2",
                OPERATIONS[n % OPERATIONS.length],
                "GET",
                status,
                Completion.COMPLETE,
                cost,
                outcome.charged(cost),
                outcome.billable(mode),
                0,
                1_000 + n % 100,
                5_000 + n % 1_000,
                8_000 + n % 1_000,
                PrefixedId.of("req", at.toEpochMilli(), epoch, producer.hashCode() * 1_000_003L + seq),
                n % 4 == 0 ? "own-" + seq : null,
                "http://127.0.0.1:9000",
                new AdmissionRecord(60_000, 59_000, seq, seq + cost, false),
                List.of("city", "limit"),
                List.of());
    }

    /** Entries of at most {@code perEntry} events that carry these numbers. */
    public static List<UsageBatch> entries(
            String producer, long epoch, long first, long last, int perEntry, Instant at) {
        List<UsageEvent> events = new ArrayList<>();
        for (long seq = first; seq <= last; seq++) {
            events.add(event(producer, epoch, seq, at.plusNanos((seq - first) * 1_000)));
        }
        return entries(events, perEntry);
    }

    /** Entries of at most {@code perEntry} events of one producer and epoch. */
    public static List<UsageBatch> entries(List<UsageEvent> events, int perEntry) {
        UsageEventCodec codec = new UsageEventCodec();
        List<UsageBatch> entries = new ArrayList<>();
        UsageBatch.Builder builder = new UsageBatch.Builder(
                UsageBatch.Kind.USAGE,
                events.getFirst().producer(),
                events.getFirst().epoch());
        for (UsageEvent event : events) {
            int length = codec.encode(event);
            if (builder.count() == perEntry || !builder.add(event.seq(), codec.buffer(), 0, length)) {
                entries.add(builder.build());
                builder.clear();
                builder.add(event.seq(), codec.buffer(), 0, length);
            }
        }
        entries.add(builder.build());
        return entries;
    }
}
