package dev.gatehouse.billing.close;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.Invoice.StateChange;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.InvoiceState;
import dev.gatehouse.billing.UsageHour;
import dev.gatehouse.billing.close.InvoiceMaker.Known;
import dev.gatehouse.billing.rating.Drafts;
import dev.gatehouse.billing.rating.RatingRun;
import dev.gatehouse.billing.rating.RunJson;
import dev.gatehouse.billing.store.BillingStore;
import dev.gatehouse.billing.store.CreditRows.Carried;
import dev.gatehouse.billing.store.InvoiceRows.Row;
import dev.gatehouse.billing.store.Session;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.metering.BillableUsage;
import dev.gatehouse.metering.BillableUsage.Account;
import dev.gatehouse.metering.BillableUsage.Sources;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.lease.Lease;
import dev.gatehouse.runtime.lease.Leases;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes periods. An invoice goes from its draft into a grace period when its period is over; once that is over too it is
 * rated for the last time, the second calculator rates it again from single calls, and if the two agree, and no line has run
 * away, it becomes final with the next number. Each step is one transaction that looks at what is stored first, so it may be
 * broken off anywhere and run again, and running it twice changes nothing.
 *
 * <p>One process at a time closes, under a lease whose epoch each write is fenced by. And should two be at it after all, an
 * invoice becomes final only if what it takes from others, earlier final invoices and an operator's lines, is under the lock
 * what it was when it was rated.
 */
public final class PeriodClose {
    /** The name of its lease. */
    public static final String JOB = "close-periods";

    private static final Logger LOG = LoggerFactory.getLogger(PeriodClose.class);
    private static final String BY = "process:billing";
    private static final int PAGE = 500;
    private static final int MONTHS_BACK = 24;

    /** How often an invoice is rated anew because another one took something of its basis meanwhile. */
    private static final int TRIES = 3;

    /**
     * An invoice that could not be brought further.
     *
     * @param month as in {@code 2026-10}
     * @param why for people
     */
    public record Failure(String tenant, String month, String why) {}

    /** What a run did. @param failures the failed ones, by name */
    public record Result(int drafted, int finished, int held, int parked, int failed, List<Failure> failures) {
        public Result {
            failures = List.copyOf(failures);
        }

        /** A run without a failure. */
        public Result(int drafted, int finished, int held, int parked) {
            this(drafted, finished, held, parked, 0, List.of());
        }

        Result plus(Result other) {
            return new Result(
                    drafted + other.drafted,
                    finished + other.finished,
                    held + other.held,
                    parked + other.parked,
                    failed + other.failed,
                    Stream.concat(failures.stream(), other.failures.stream()).toList());
        }
    }

    /** What is done under one lease. */
    private record Turn(Lease lease, Predicate<Row> wanted) {}

    private final BillingStore store;
    private final Leases leases;
    private final InvoiceMaker maker;
    private final BillableUsage usage;
    private final LedgerWalk walk;
    private final Directory directory;
    private final InstantSource clock;
    private final CloseStep.Observer observer;

    public PeriodClose(
            BillingStore store,
            Leases leases,
            InvoiceMaker maker,
            BillableUsage usage,
            Directory directory,
            InstantSource clock,
            CloseStep.Observer observer) {
        this.store = store;
        this.leases = leases;
        this.maker = maker;
        this.usage = usage;
        this.walk = new LedgerWalk(maker, usage);
        this.directory = directory;
        this.clock = clock;
        this.observer = observer;
    }

    /**
     * Brings every invoice as far as it can go by now.
     *
     * @param patience how long it is waited for another close to end
     * @return empty when another close is still under way
     */
    public Optional<Result> run(Duration patience) {
        return leases.run(JOB, patience, lease -> {
            Turn turn = new Turn(lease, row -> true);
            return draftAll(turn).plus(finishAll(turn));
        });
    }

    /** As {@link #run(Duration)}, for the invoices of one period that is over. */
    public Optional<Result> run(BillingPeriod period, Duration patience) {
        return leases.run(JOB, patience, lease -> {
            Turn turn = new Turn(lease, row -> row.summary().period().equals(period));
            return draft(turn, period, tenants()).plus(finishAll(turn));
        });
    }

    private Result draftAll(Turn turn) {
        List<Tenant> tenants = tenants();
        Instant oldest =
                tenants.stream().map(Tenant::createdAt).min(Instant::compareTo).orElse(clock.instant());
        List<BillingPeriod> periods = new ArrayList<>();
        BillingPeriod period = BillingPeriod.holding(clock.instant());
        for (int i = 0; i < MONTHS_BACK && oldest.isBefore(period.from()); i++) {
            period = BillingPeriod.holding(period.from().minusSeconds(1));
            periods.addFirst(period);
        }
        Result all = new Result(0, 0, 0, 0);
        for (BillingPeriod past : periods) {
            all = all.plus(draft(turn, past, tenants));
        }
        return all;
    }

    private List<Tenant> tenants() {
        List<Tenant> all = new ArrayList<>();
        List<Tenant> page = directory.tenants(null, PAGE);
        all.addAll(page);
        while (page.size() == PAGE) {
            page = directory.tenants(page.getLast().id(), PAGE);
            all.addAll(page);
        }
        return all;
    }

    private Result draft(Turn turn, BillingPeriod period, List<Tenant> tenants) {
        Set<TenantId> there =
                new HashSet<>(store.asSystem(session -> session.invoices().tenantsOf(period)));
        List<TenantId> missing = tenants.stream()
                .filter(tenant -> tenant.createdAt().isBefore(period.to()) && !there.contains(tenant.id()))
                .map(Tenant::id)
                .toList();
        Counts counts = new Counts(period);
        walk.through(period, missing, Sources.ROLLUPS, new LedgerWalk.Visitor() {
            @Override
            public void visit(TenantId tenant, Known known, Account account) {
                if (draft(turn, tenant, period, known, account)) {
                    counts.drafted.incrementAndGet();
                }
            }

            @Override
            public void nothing(TenantId tenant) {}

            @Override
            public void failed(TenantId tenant, RuntimeException fault) {
                counts.failed(tenant, fault);
                LOG.error("the draft of {} from {} could not be made", tenant, period.from(), fault);
            }
        });
        return counts.result();
    }

    private static final class Counts {
        private final String month;
        private final AtomicInteger drafted = new AtomicInteger();
        private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
        private final Map<InvoiceState, Integer> finished = new ConcurrentHashMap<>();

        Counts(BillingPeriod period) {
            this.month = YearMonth.from(period.from().atZone(ZoneOffset.UTC)).toString();
        }

        void failed(TenantId tenant, RuntimeException fault) {
            String why = fault.getMessage();
            failures.add(new Failure(tenant.value(), month, why == null ? fault.toString() : why));
        }

        Result result() {
            return new Result(
                    drafted.get(),
                    finished.getOrDefault(InvoiceState.FINAL, 0),
                    finished.getOrDefault(InvoiceState.HELD, 0),
                    finished.getOrDefault(InvoiceState.PARKED, 0),
                    failures.size(),
                    List.copyOf(failures));
        }
    }

    private boolean draft(Turn turn, TenantId tenant, BillingPeriod period, Known known, Account account) {
        RatingRun run = maker.make(tenant, period, known, account.rolledUp(), account.cut());
        observer.reached(CloseStep.DRAFT_RATED, run.invoice());
        boolean fresh = store.asTenant(tenant, session -> {
            session.fence(turn.lease());
            session.lock("close " + tenant);
            if (session.invoices().find(run.invoice()).isPresent()) {
                return false;
            }
            session.invoices()
                    .put(
                            run.invoice(),
                            InvoiceState.GRACE,
                            null,
                            run.output(),
                            run.id(),
                            maker.graceUntil(period),
                            null,
                            null);
            session.runs().insert(run, null);
            session.agreements()
                    .freeze(
                            tenant,
                            period.from(),
                            RunJson.text(known.terms()),
                            run.output().algorithm(),
                            clock.instant());
            session.invoices()
                    .note(
                            tenant,
                            run.invoice(),
                            new StateChange(clock.instant(), InvoiceState.DRAFT, InvoiceState.GRACE, BY, null));
            observer.reached(CloseStep.DRAFT_WRITTEN, run.invoice());
            return true;
        });
        observer.reached(CloseStep.DRAFT_STORED, run.invoice());
        return fresh;
    }

    private Result finishAll(Turn turn) {
        Instant now = clock.instant();
        Map<BillingPeriod, List<Row>> due = new LinkedHashMap<>();
        for (Row row : store.asSystem(session -> session.invoices().due(now))) {
            if (turn.wanted().test(row) && mayEnd(row)) {
                due.computeIfAbsent(row.summary().period(), period -> new ArrayList<>())
                        .add(row);
            }
        }
        Result all = new Result(0, 0, 0, 0);
        for (Map.Entry<BillingPeriod, List<Row>> period : due.entrySet()) {
            all = all.plus(finish(turn, period.getKey(), period.getValue(), 1));
        }
        return all;
    }

    /** One that cannot be told is tried, and fails by its own name. */
    private boolean mayEnd(Row row) {
        try {
            return maker.mayEnd(
                    row.summary().tenant(),
                    row.summary().period(),
                    row.summary().total().currency());
        } catch (IllegalStateException | IllegalArgumentException e) {
            return true;
        }
    }

    private Result finish(Turn turn, BillingPeriod period, List<Row> rows, int tries) {
        Map<TenantId, Row> byTenant = new LinkedHashMap<>();
        rows.forEach(row -> byTenant.put(row.summary().tenant(), row));
        Counts counts = new Counts(period);
        Queue<Row> overtaken = new ConcurrentLinkedQueue<>();
        walk.through(period, List.copyOf(byTenant.keySet()), Sources.ROLLUPS_AND_CALLS, new LedgerWalk.Visitor() {
            @Override
            public void visit(TenantId tenant, Known known, Account account) {
                Row row = Objects.requireNonNull(byTenant.get(tenant));
                switch (finish(turn, row, known, account)) {
                    case Stored.As(InvoiceState state) -> counts.finished.merge(state, 1, Integer::sum);
                    case Stored.Elsewhere unused -> {}
                    case Stored.Overtaken unused -> overtaken.add(row);
                }
            }

            @Override
            public void nothing(TenantId tenant) {
                failed(tenant, new IllegalStateException("nothing is agreed on any more with " + tenant));
            }

            @Override
            public void failed(TenantId tenant, RuntimeException fault) {
                counts.failed(tenant, fault);
                LOG.error("the invoice of {} from {} could not be finished", tenant, period.from(), fault);
            }
        });
        Result result = counts.result();
        return overtaken.isEmpty() || tries == TRIES
                ? result
                : result.plus(finish(turn, period, List.copyOf(overtaken), tries + 1));
    }

    /** What became of a last rating. */
    private sealed interface Stored {
        record As(InvoiceState state) implements Stored {}

        /** Somebody else has moved the invoice since: the next run sees it anew. */
        record Elsewhere() implements Stored {}

        /** An earlier invoice, or a line of an operator, was taken by another invoice since. */
        record Overtaken() implements Stored {}
    }

    /** A last rating, and the same calls counted singly, at one cut. */
    private Stored finish(Turn turn, Row row, Known known, Account account) {
        TenantId tenant = row.summary().tenant();
        BillingPeriod period = row.summary().period();
        RatingRun run = maker.make(tenant, period, known, account.rolledUp(), account.cut());
        observer.reached(CloseStep.RATED, run.invoice());
        SecondOpinion second = SecondOpinion.on(
                run,
                InvoiceMaker.within(account.recounted(), period),
                corrected -> store.asTenant(
                                tenant,
                                session -> session.invoices()
                                        .find(corrected.invoice())
                                        .flatMap(found -> session.runs().find(found.run())))
                        .map(earlier -> new SecondOpinion.Earlier(
                                earlier.input(),
                                InvoiceMaker.within(
                                        account.recounted(), earlier.input().period()),
                                earlier.output().algorithm())));
        Optional<String> hold = row.approvedBy() == null ? departure(tenant, run) : Optional.empty();
        observer.reached(CloseStep.CHECKED, run.invoice());
        InvoiceState to =
                !second.agrees() ? InvoiceState.PARKED : hold.isPresent() ? InvoiceState.HELD : InvoiceState.FINAL;
        String waits =
                to == InvoiceState.PARKED ? second.sentence() : to == InvoiceState.HELD ? hold.orElse(null) : null;
        Stored stored = store(turn, new Last(row, known, run, second, to, waits));
        observer.reached(CloseStep.DONE, run.invoice());
        return stored;
    }

    /** A last rating that is to be stored. */
    private record Last(
            Row row,
            Known known,
            RatingRun run,
            SecondOpinion second,
            InvoiceState to,
            @Nullable String waits) {}

    private Stored store(Turn turn, Last last) {
        RatingRun run = last.run();
        TenantId tenant = run.input().tenant();
        InvoiceState to = last.to();
        Stored stored = store.asTenant(tenant, session -> {
            session.fence(turn.lease());
            session.lock("close " + tenant);
            Row now = session.invoices().lock(run.invoice()).orElseThrow();
            if (now.summary().state() != InvoiceState.GRACE
                    || !Objects.equals(now.approvedBy(), last.row().approvedBy())
                    || !now.run().equals(last.row().run())) {
                return new Stored.Elsewhere();
            }
            if (!InvoiceMaker.basis(
                            session, tenant, run.input().period(), last.known().currency())
                    .covers(last.known().basis())) {
                return new Stored.Overtaken();
            }
            boolean ends = to == InvoiceState.FINAL;
            String number = ends ? session.invoices().nextNumber("INV") : null;
            session.runs().insert(run, Json.text(last.second()));
            session.invoices()
                    .put(
                            run.invoice(),
                            to,
                            number,
                            run.output(),
                            run.id(),
                            last.row().graceUntil(),
                            ends ? clock.instant() : null,
                            last.waits());
            if (number != null) {
                session.extras().take(extras(run), run.invoice());
                credits(session, run, number);
            }
            session.invoices()
                    .note(
                            tenant,
                            run.invoice(),
                            new StateChange(clock.instant(), InvoiceState.GRACE, to, BY, last.waits()));
            observer.reached(CloseStep.FINAL_WRITTEN, run.invoice());
            return new Stored.As(to);
        });
        if (last.waits() != null && stored instanceof Stored.As) {
            LOG.warn("the invoice {} of {} is {}: {}", run.invoice(), tenant, to.text(), last.waits());
        }
        return stored;
    }

    /** Takes the credits that the invoice gives back, and leaves what it comes to below zero itself. */
    private static void credits(Session session, RatingRun run, String number) {
        session.credits()
                .take(
                        run.output().lines().stream()
                                .flatMap(line -> line.derivation() instanceof Derivation.Credited credited
                                        ? Stream.of(credited.invoice())
                                        : Stream.empty())
                                .toList(),
                        run.invoice());
        run.output().lines().stream()
                .filter(line -> line.derivation() instanceof Derivation.CarriedOver)
                .forEach(line -> session.credits()
                        .insert(
                                run.input().tenant(),
                                run.input().period().from(),
                                new Carried(run.invoice(), number, line.amount())));
    }

    private static List<String> extras(RatingRun run) {
        return run.output().lines().stream()
                .flatMap(line ->
                        line.derivation() instanceof Derivation.Stated stated ? Stream.of(stated.id()) : Stream.empty())
                .toList();
    }

    /** Whether a line has run away; a tenant without an invoice before has no season. */
    private Optional<String> departure(TenantId tenant, RatingRun run) {
        boolean charged = run.output().lines().stream()
                .anyMatch(line -> line.derivation() instanceof Derivation.Counted
                        && line.amount().amount().signum() > 0);
        if (!charged) {
            return Optional.empty();
        }
        BillingPeriod period = run.input().period();
        BillingPeriod before = BillingPeriod.holding(period.from().minusSeconds(1));
        Optional<Row> last =
                store.asTenant(tenant, session -> session.invoices().find(InvoiceId.of(tenant, before)));
        if (last.isEmpty()) {
            return Optional.empty();
        }
        Set<String> apart = run.input().terms().stream()
                .flatMap(term -> term.prices().operations().keySet().stream())
                .collect(Collectors.toSet());
        List<UsageHour> history = Drafts.usage(usage.shape(tenant, Season.begin(period.from()), period.from(), apart));
        return Season.departure(run.output(), history);
    }
}
