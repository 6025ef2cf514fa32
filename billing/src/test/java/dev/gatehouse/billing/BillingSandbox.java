package dev.gatehouse.billing;

import dev.gatehouse.billing.audit.BillingAudit;
import dev.gatehouse.billing.budget.BudgetWatch;
import dev.gatehouse.billing.close.CloseStep;
import dev.gatehouse.billing.close.InvoiceMaker;
import dev.gatehouse.billing.close.PeriodClose;
import dev.gatehouse.billing.price.StoredAgreements;
import dev.gatehouse.billing.store.BillingStore;
import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.DirectoryModule;
import dev.gatehouse.directory.DirectorySettings;
import dev.gatehouse.directory.NewTenant;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.time.SettableClock;
import dev.gatehouse.kernel.usage.AdmissionRecord;
import dev.gatehouse.kernel.usage.Completion;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.kernel.usage.UsageEventIds;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.metering.MeteringSettings;
import dev.gatehouse.metering.ledger.BatchAssembler;
import dev.gatehouse.metering.ledger.CommittedSequences;
import dev.gatehouse.metering.ledger.Lease;
import dev.gatehouse.metering.ledger.LedgerRules;
import dev.gatehouse.metering.store.PostgresLedgerStore;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.lease.Leases;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Billing over a real directory and a real ledger, on a database of its own, with a clock that a test sets. */
public final class BillingSandbox implements AutoCloseable {
    private static final String PRODUCER = "gw_bills.0";
    private static final Duration GRACE = Duration.ofDays(2);
    private static final Duration WINDOW = Duration.ofDays(3);

    /** An alert that was told. */
    public record Told(TenantId tenant, int percent) {}

    public final String jdbc = EnginesForTests.newDatabase();
    public final SettableClock clock;
    public final DirectoryModule directoryModule;
    public final MeteringModule metering;
    public final BillingModule billing;
    public final List<Told> told = new ArrayList<>();
    private final Redis redis = Redis.connect(EnginesForTests.redis());
    private final Database ledger;
    private final PostgresLedgerStore writer;
    private final Lease lease;
    private final BillingStore store;
    private final BudgetWatch watch;
    private long seq;

    public BillingSandbox(String now) throws Exception {
        this(now, 8);
    }

    public BillingSandbox(String now, int connections) throws Exception {
        clock = new SettableClock(Instant.parse(now));
        DatabaseUrl url = DatabaseUrl.parse(jdbc);
        directoryModule = DirectoryModule.open(
                new DirectorySettings("127.0.0.1", 0, 0, null, "owner-token-of-the-tests", 4), url, redis, clock);
        metering = MeteringModule.open(url, MeteringSettings.of(Settings.of(Map.of())), clock);
        ledger = Database.open(url, "ledger", "classpath:dev/gatehouse/metering/store/ledger", 4);
        writer = new PostgresLedgerStore(ledger.dataSource());
        lease = writer.acquire(0, "test", Duration.ofDays(1)).orElseThrow();
        billing = BillingModule.open(
                url,
                new BillingSettings(connections, null, GRACE, WINDOW, Duration.ofSeconds(1), "Seller & Sons"),
                new BillingModule.Parts(
                        directory(),
                        metering.reader(),
                        metering.billable(),
                        (tenant, budget, alert, recipient) -> told.add(new Told(tenant.id(), alert.percent()))),
                clock);
        directoryModule.soldBy(billing.sales());
        store = BillingStore.open(url, 4);
        watch = new BudgetWatch(
                store,
                leases(),
                tenant -> billing.monthToDate(tenant).map(month -> month.draft().total()),
                directory(),
                (tenant, budget, alert, recipient) -> told.add(new Told(tenant.id(), alert.percent())),
                clock);
    }

    public Directory directory() {
        return directoryModule.directory();
    }

    public BillingStore store() {
        return store;
    }

    public BudgetWatch watch() {
        return watch;
    }

    public void at(String instant) {
        clock.set(Instant.parse(instant));
    }

    public TenantId tenant(String name, String plan) {
        return directory()
                .createTenant(new NewTenant(name, plan, null), Actor.process("test"))
                .orThrow()
                .id();
    }

    public PeriodClose.Result run() {
        return run(CloseStep.Observer.NONE);
    }

    public PeriodClose.Result run(CloseStep.Observer observer) {
        return close(leases(), observer).run(Duration.ofSeconds(20)).orElseThrow();
    }

    public BillingAudit audit() {
        return new BillingAudit(
                store, directory(), metering.billable(), new StoredAgreements(directory(), store, clock), maker());
    }

    private InvoiceMaker maker() {
        return new InvoiceMaker(
                store,
                new StoredAgreements(directory(), store, clock),
                metering.billable(),
                new InvoiceMaker.Grace(GRACE, WINDOW),
                clock);
    }

    /** The leases as another process would have them. */
    public Leases leases() {
        return store.leases(Leases.USUAL);
    }

    /** The close of another process. */
    public PeriodClose close(Leases leases, CloseStep.Observer observer) {
        return new PeriodClose(store, leases, maker(), metering.billable(), directory(), clock, observer);
    }

    /** Lets a job's lease end, as when its holder is paused for longer than it holds. */
    public void endLease(String job) {
        asOwner("UPDATE billing.job_lease SET held_until = '-infinity' WHERE job = '" + job + "'");
    }

    /** Changes anything behind everyone's back. */
    public void asOwner(String sql) {
        try (Connection connection = DriverManager.getConnection(jdbc);
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT set_config('gatehouse.tenant', '*', false)");
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Billable calls in one batch, a millisecond apart; the ledger takes them at the clock's time. */
    public void calls(TenantId tenant, String plan, String operation, String at, int count, long units) {
        List<UsageEvent> events = new ArrayList<>();
        Instant first = Instant.parse(at);
        for (int i = 0; i < count; i++) {
            events.add(event(tenant, plan, operation, first.plusMillis(i), units));
        }
        write(events);
    }

    public UsageEvent event(TenantId tenant, String plan, String operation, Instant at, long units) {
        seq++;
        return new UsageEvent(
                PRODUCER,
                1,
                seq,
                new UsageEventIds(PRODUCER, 1).id(at.toEpochMilli(), seq),
                at,
                tenant,
                new KeyId(PrefixedId.of(KeyId.PREFIX, 1_700_000_000_000L, 0, 1)),
                KeyMode.LIVE,
                plan,
                "listings",
                "v2",
                operation,
                "GET",
                200,
                Completion.COMPLETE,
                units,
                units,
                true,
                0,
                1_000,
                5_000,
                8_000,
                PrefixedId.of("req", at.toEpochMilli(), 1, seq),
                null,
                "http://127.0.0.1:9000",
                new AdmissionRecord(60_000, 59_000, seq, seq + units, false),
                List.of(),
                List.of());
    }

    public void write(List<UsageEvent> events) {
        UsageEventCodec codec = new UsageEventCodec();
        UsageBatch.Builder builder = new UsageBatch.Builder(UsageBatch.Kind.USAGE, PRODUCER, 1);
        List<UsageBatch> entries = new ArrayList<>();
        for (UsageEvent event : events) {
            int length = codec.encode(event);
            if (builder.count() == 500 || !builder.add(event.seq(), codec.buffer(), 0, length)) {
                entries.add(builder.build());
                builder.clear();
                builder.add(event.seq(), codec.buffer(), 0, length);
            }
        }
        entries.add(builder.build());
        CommittedSequences sequences = new CommittedSequences(sequence -> {
            try {
                return writer.load(sequence);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        BatchAssembler assembler = new BatchAssembler(LedgerRules.USUAL, sequences, clock.instant());
        entries.forEach(entry -> assembler.add("0-1", entry));
        try {
            writer.commit(lease, Duration.ofDays(1), assembler.build(), sequences);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Changes the ledger behind its back. */
    public void tamper(String sql) {
        ledger.asSystem(handle -> handle.execute(sql));
    }

    public long number(String sql) {
        return ledger.asSystem(
                handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }

    @Override
    public void close() throws Exception {
        store.close();
        billing.close();
        ledger.close();
        metering.close();
        directoryModule.close();
        redis.close();
    }
}
