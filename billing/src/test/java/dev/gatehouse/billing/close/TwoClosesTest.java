package dev.gatehouse.billing.close;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.BillingSandbox;
import dev.gatehouse.billing.Invoice;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceState;
import dev.gatehouse.billing.store.ExtraRows.Extra;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.runtime.lease.Leases;
import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Two closes of periods at once")
final class TwoClosesTest {
    private static final BillingPeriod SEPTEMBER = BillingPeriod.of(YearMonth.of(2026, 9));
    private static final BillingPeriod OCTOBER = BillingPeriod.of(YearMonth.of(2026, 10));
    private static final BillingPeriod NOVEMBER = BillingPeriod.of(YearMonth.of(2026, 11));
    private static final List<BillingPeriod> MONTHS = List.of(SEPTEMBER, OCTOBER, NOVEMBER);

    /** Late usage of a final September for 40.00, a line of 250.00, and two months that are due at once. */
    private static TenantId twoMonthsDue(BillingSandbox sandbox) {
        TenantId acme = sandbox.tenant("Acme", "growth");
        sandbox.at("2026-10-03T00:00:00Z");
        sandbox.run();
        sandbox.at("2026-10-03T06:00:00Z");
        sandbox.calls(acme, "growth", "listListings", "2026-09-30T23:00:00Z", 6, 100_000);
        line(sandbox, acme, "xln_once", "250.00");
        sandbox.at("2026-12-05T00:00:00Z");
        return acme;
    }

    private static void line(BillingSandbox sandbox, TenantId tenant, String id, String amount) {
        sandbox.store()
                .runAsSystem(session -> session.extras()
                        .insert(
                                new Extra(
                                        id,
                                        tenant,
                                        OCTOBER.from(),
                                        Money.of(amount, "USD"),
                                        "Set-up",
                                        "agreed",
                                        "operator:owner",
                                        sandbox.clock.instant()),
                                null));
    }

    private static List<String> totals(BillingSandbox sandbox, TenantId tenant) {
        return MONTHS.stream()
                .map(month -> {
                    Invoice invoice = sandbox.billing
                            .invoices()
                            .find(tenant, InvoiceId.of(tenant, month))
                            .orElseThrow();
                    assertThat(invoice.state()).isEqualTo(InvoiceState.FINAL);
                    return invoice.number() + " " + invoice.content().total();
                })
                .toList();
    }

    private static long lines(BillingSandbox sandbox, TenantId tenant, InvoiceLine.Kind kind) {
        return MONTHS.stream()
                .flatMap(month -> sandbox.billing.invoices().find(tenant, InvoiceId.of(tenant, month)).stream())
                .flatMap(invoice -> invoice.content().lines().stream())
                .filter(line -> line.kind() == kind)
                .count();
    }

    private static final List<String> UNDISTURBED =
            List.of("INV-000001 99.00 USD", "INV-000002 389.00 USD", "INV-000003 99.00 USD");

    @ParameterizedTest(name = "{0}")
    @EnumSource(CloseStep.class)
    @DisplayName("bill everything once: one is paused at a step, another takes over and ends, and the first one wakes")
    void pausedHolderWakes(CloseStep step) throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-09-01T00:00:00Z");
                ExecutorService threads = Executors.newCachedThreadPool()) {
            TenantId acme = twoMonthsDue(sandbox);
            CountDownLatch paused = new CountDownLatch(1);
            CountDownLatch wake = new CountDownLatch(1);
            AtomicBoolean first = new AtomicBoolean(true);
            // within a transaction the server ends it with the lease, so that it holds nobody up
            Leases brief = sandbox.store().leases(Duration.ofSeconds(1));
            CompletableFuture<Optional<PeriodClose.Result>> sleeper = CompletableFuture.supplyAsync(
                    () -> sandbox.close(brief, (at, invoice) -> {
                                if (at == step && first.getAndSet(false)) {
                                    paused.countDown();
                                    awaited(wake);
                                }
                            })
                            .run(Duration.ZERO),
                    threads);
            awaited(paused);
            assertThat(sandbox.close(sandbox.leases(), CloseStep.Observer.NONE).run(Duration.ZERO))
                    .as("a second close while the first one's lease holds")
                    .isEmpty();
            CompletableFuture<Optional<PeriodClose.Result>> other = CompletableFuture.supplyAsync(
                    () -> sandbox.close(sandbox.leases(), CloseStep.Observer.NONE)
                            .run(Duration.ofSeconds(60)),
                    threads);
            // a paused process renews nothing; this one's other thread does
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        if (!other.isDone()) {
                            sandbox.endLease(PeriodClose.JOB);
                        }
                        return other.isDone();
                    });
            assertThat(other.join()).isPresent();
            assertThat(totals(sandbox, acme)).isEqualTo(UNDISTURBED);
            wake.countDown();
            await().atMost(Duration.ofSeconds(60)).until(sleeper::isDone);
            assertThat(totals(sandbox, acme)).isEqualTo(UNDISTURBED);
            assertThat(sandbox.run()).isEqualTo(new PeriodClose.Result(0, 0, 0, 0));
            assertThat(totals(sandbox, acme)).isEqualTo(UNDISTURBED);
            assertThat(lines(sandbox, acme, InvoiceLine.Kind.ONE_OFF)).isEqualTo(1);
            assertThat(lines(sandbox, acme, InvoiceLine.Kind.ADJUSTMENT)).isEqualTo(1);
        }
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @DisplayName(
            "take exactly what was rated: a line that another invoice took meanwhile is left out, one that came is next")
    void takesWhatWasRated() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-09-01T00:00:00Z")) {
            TenantId acme = twoMonthsDue(sandbox);
            InvoiceId september = InvoiceId.of(acme, SEPTEMBER);
            InvoiceId october = InvoiceId.of(acme, OCTOBER);
            AtomicBoolean first = new AtomicBoolean(true);
            sandbox.run((step, invoice) -> {
                if (step == CloseStep.CHECKED && invoice.equals(october) && first.getAndSet(false)) {
                    sandbox.asOwner("UPDATE billing.extra_line SET invoice_id = '" + september + "'");
                    line(sandbox, acme, "xln_later", "7.00");
                }
            });
            assertThat(totals(sandbox, acme))
                    .containsExactly("INV-000001 99.00 USD", "INV-000002 146.00 USD", "INV-000003 99.00 USD");
            assertThat(Stream.of(OCTOBER, NOVEMBER)
                            .flatMap(month -> sandbox
                                    .billing
                                    .invoices()
                                    .find(acme, InvoiceId.of(acme, month))
                                    .orElseThrow()
                                    .content()
                                    .lines()
                                    .stream())
                            .filter(line -> line.kind() == InvoiceLine.Kind.ONE_OFF)
                            .map(line -> line.amount().toString()))
                    .containsExactly("7.00 USD");
        }
    }
}
