package dev.gatehouse.metering;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.account.UsageApi;
import dev.gatehouse.metering.ledger.LedgerRules;
import dev.gatehouse.metering.ledger.LedgerWriter;
import dev.gatehouse.metering.ledger.WriterStep;
import dev.gatehouse.metering.operate.DeadLetterShelf;
import dev.gatehouse.metering.operate.LedgerAdministration;
import dev.gatehouse.metering.refused.RedisRefusedCalls;
import dev.gatehouse.metering.restore.RedisRestorer;
import dev.gatehouse.metering.store.LedgerCounts;
import dev.gatehouse.metering.store.PostgresBillableUsage;
import dev.gatehouse.metering.store.PostgresLedgerStore;
import dev.gatehouse.metering.store.PostgresUsageReader;
import dev.gatehouse.runtime.api.AddedOperations;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.aside.Shelf;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.lease.Leases;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger of usage: its writers, its readers and the usage API. It opens two schemas, each under a role of its own:
 * {@code ledger}, in which the writers and the operator's commands work, and {@code metering}, whose views are all that the
 * readers see.
 */
public final class MeteringModule implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MeteringModule.class);

    private static final Duration AHEAD = Duration.ofMinutes(5);

    private final MeteringSettings settings;
    private final InstantSource clock;
    private final Database ledger;
    private final Database views;
    private final PostgresLedgerStore store;
    private final UsageReader reader;
    private final BillableUsage billable;
    private final WriterStep.Observer observer;
    private volatile LedgerRules rules;
    private final List<LedgerWriter> writers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private MeteringModule(
            MeteringSettings settings,
            InstantSource clock,
            Database ledger,
            Database views,
            WriterStep.Observer observer) {
        this.observer = observer;
        this.settings = settings;
        this.clock = clock;
        this.rules = rules(settings, tenant -> true);
        this.ledger = ledger;
        this.views = views;
        this.store = new PostgresLedgerStore(ledger.dataSource(), observer);
        this.reader = new PostgresUsageReader(views, clock);
        this.billable = new PostgresBillableUsage(views);
    }

    /** Migrates both schemas and opens them. */
    public static MeteringModule open(DatabaseUrl url, MeteringSettings settings, InstantSource clock)
            throws SQLException {
        return open(url, settings, clock, WriterStep.Observer.NONE);
    }

    /** As {@link #open(DatabaseUrl, MeteringSettings, InstantSource)}; {@code observer} sees the writers' steps. For drills. */
    public static MeteringModule open(
            DatabaseUrl url, MeteringSettings settings, InstantSource clock, WriterStep.Observer observer)
            throws SQLException {
        Database ledger =
                Database.open(url, "ledger", "classpath:dev/gatehouse/metering/store/ledger", settings.shards() + 3);
        try {
            Database views =
                    Database.open(url, "metering", "classpath:dev/gatehouse/metering/store/views", settings.readers());
            return new MeteringModule(settings, clock, ledger, views, observer);
        } catch (SQLException | RuntimeException e) {
            ledger.close();
            throw e;
        }
    }

    /** What was used. */
    public UsageReader reader() {
        return reader;
    }

    /** What invoices are made from. */
    public BillableUsage billable() {
        return billable;
    }

    /** The last calls that were not let in. To be closed by the caller. */
    public static RedisRefusedCalls refused(Redis redis) {
        return new RedisRefusedCalls(redis);
    }

    /** The description of the usage API, to be declared as a route. */
    public static ApiDescription description() {
        return UsageApi.description();
    }

    /** Adds the usage API to a server that only the gateway reaches. */
    public void mount(Router router, Redis redis) {
        new UsageApi(reader, redis, clock).mount(router);
    }

    /**
     * Starts one writer per shard, and the job that makes and drops partitions. Every process of the role may do so: the
     * lease lets one write.
     *
     * @param tenants an event of nobody it knows is set aside
     * @param holder names this process, unlike any other
     */
    public void startWriters(Redis redis, TenantDirectory tenants, String holder, MeterRegistry meters) {
        LedgerRules rules = rules(settings, new KnownTenants(tenants, new LedgerCounts(ledger).tenants()));
        this.rules = rules;
        for (int shard = 0; shard < settings.shards(); shard++) {
            LedgerWriter writer = new LedgerWriter(
                    shard,
                    LedgerWriter.Options.usual(holder, settings.lease()),
                    store,
                    redis,
                    rules,
                    clock,
                    meters,
                    observer);
            writers.add(writer);
            threads.add(Thread.ofPlatform().name("ledger-" + shard).start(writer));
        }
        threads.add(Thread.ofVirtual()
                .name("ledger-partitions")
                .start(new PartitionJob(store, new Leases(ledger, holder, Leases.USUAL), settings, clock)));
        RedisRestorer restorer = new RedisRestorer(
                new LedgerCounts(ledger),
                redis,
                settings.shards(),
                clock,
                () -> writers.getFirst().isHolding());
        threads.add(Thread.ofVirtual().name("redis-restorer").start(restorer));
        LOG.info("the ledger's writers stand by for {} shards", settings.shards());
    }

    private static LedgerRules rules(MeteringSettings settings, Predicate<TenantId> tenants) {
        return new LedgerRules(settings.lateAfter(), settings.window(), AHEAD, tenants);
    }

    /** What an operator does with the ledger. */
    /** Its dead letters, for the list of what every consumer has set aside. */
    public Shelf deadLetters(Redis redis) {
        return new DeadLetterShelf(operations(redis));
    }

    public MeteringOperations operations(Redis redis) {
        return new MeteringOperations(ledger, store, redis, settings.shards(), rules, clock);
    }

    /**
     * What operators do with the ledger, as a part of the admin API.
     *
     * @param ledger asked when the first operation is called
     */
    public static AddedOperations administration(Supplier<MeteringOperations> ledger, InstantSource clock) {
        return new LedgerAdministration(ledger, clock).operations();
    }

    /** The usual number of shards. */
    public static int defaultShards() {
        return UsageStreams.DEFAULT_SHARDS;
    }

    @Override
    public void close() {
        writers.forEach(LedgerWriter::stop);
        for (Thread thread : threads) {
            if (thread.isVirtual()) {
                thread.interrupt();
            }
            try {
                thread.join(Duration.ofSeconds(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        views.close();
        ledger.close();
    }
}
