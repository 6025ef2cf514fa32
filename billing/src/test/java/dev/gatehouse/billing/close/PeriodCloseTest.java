package dev.gatehouse.billing.close;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.BillingSandbox;
import dev.gatehouse.billing.Invoice;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.InvoiceState;
import dev.gatehouse.billing.InvoiceSummary;
import dev.gatehouse.billing.verify.InvoiceVerifier;
import dev.gatehouse.directory.Actor;
import dev.gatehouse.engines.RowSecurity;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.metering.LedgerRow;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The close of a period")
final class PeriodCloseTest {
    private static final BillingPeriod OCTOBER = BillingPeriod.of(YearMonth.of(2026, 10));
    private static final BillingPeriod NOVEMBER = BillingPeriod.of(YearMonth.of(2026, 11));

    @Test
    @DisplayName(
            "goes from draft over grace, in which late usage lands, to final, and corrects on the next invoice what came"
                    + " later still")
    void wholeLife() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-10-01T00:00:00Z")) {
            TenantId acme = sandbox.tenant("Acme", "growth");
            InvoiceId october = InvoiceId.of(acme, OCTOBER);
            sandbox.at("2026-10-10T10:00:00Z");
            sandbox.calls(acme, "growth", "listListings", "2026-10-10T09:30:00Z", 10, 60_000);
            assertThat(sandbox.run()).isEqualTo(new PeriodClose.Result(0, 0, 0, 0));
            assertThat(find(sandbox, acme, october).state()).isEqualTo(InvoiceState.DRAFT);
            assertThat(find(sandbox, acme, october).content().total()).isEqualTo(Money.of("139.00", "USD"));

            sandbox.at("2026-11-01T00:00:30Z");
            sandbox.run();
            Invoice grace = find(sandbox, acme, october);
            assertThat(grace.state()).isEqualTo(InvoiceState.GRACE);
            assertThat(grace.content().units()).isEqualTo(600_000);

            sandbox.at("2026-11-02T12:00:00Z");
            sandbox.calls(acme, "growth", "listListings", "2026-10-31T23:59:59.900Z", 50, 1_000);
            assertThat(sandbox.run().finished()).isZero();

            sandbox.at("2026-11-03T00:00:00Z");
            assertThat(sandbox.run().finished()).isEqualTo(1);
            Invoice last = find(sandbox, acme, october);
            assertThat(last.state()).isEqualTo(InvoiceState.FINAL);
            assertThat(last.number()).isEqualTo("INV-000001");
            assertThat(last.content().units()).isEqualTo(650_000);
            assertThat(last.content().total()).isEqualTo(Money.of("159.00", "USD"));
            assertThat(last.history())
                    .extracting(change -> change.to())
                    .containsExactly(InvoiceState.GRACE, InvoiceState.FINAL);

            // still in the ledger's window, and too late for the invoice
            sandbox.at("2026-11-03T06:00:00Z");
            sandbox.calls(acme, "growth", "getListing", "2026-10-31T22:00:00Z", 4, 10_000);
            Invoice running = find(sandbox, acme, InvoiceId.of(acme, NOVEMBER));
            InvoiceLine adjustment = running.content().lines().getLast();
            assertThat(adjustment.kind()).isEqualTo(InvoiceLine.Kind.ADJUSTMENT);
            assertThat(adjustment.amount()).isEqualTo(Money.of("16.00", "USD"));
            Derivation.Corrected corrected = (Derivation.Corrected) adjustment.derivation();
            assertThat(corrected.number()).isEqualTo("INV-000001");
            assertThat(corrected.line()).isEqualTo(2);
            assertThat(corrected.units()).isEqualTo(40_000);
            assertThat(sandbox.billing.monthToDate(acme).orElseThrow().draft().total())
                    .isEqualTo(running.content().total());
            assertThat(ids(sandbox, acme, running.id(), adjustment.number())).hasSize(4);

            sandbox.calls(acme, "growth", "getListing", "2026-11-03T05:00:00Z", 3, 1);
            sandbox.at("2026-12-03T00:00:00Z");
            assertThat(sandbox.run()).isEqualTo(new PeriodClose.Result(1, 1, 0, 0));
            Invoice november = find(sandbox, acme, InvoiceId.of(acme, NOVEMBER));
            assertThat(november.number()).isEqualTo("INV-000002");
            assertThat(november.content().total()).isEqualTo(Money.of("115.00", "USD"));

            everyCallOnce(sandbox, acme, List.of(last, november), 60 + 4 + 3);
            for (Invoice invoice : List.of(last, november)) {
                byte[] bundle =
                        sandbox.billing.invoices().evidence(acme, invoice.id()).orElseThrow();
                InvoiceVerifier.Verdict verdict = InvoiceVerifier.verify(bundle);
                assertThat(verdict.faults()).isEmpty();
                assertThat(verdict.computed())
                        .isEqualTo(invoice.content().total().amount().toPlainString() + " USD");
                String changed =
                        new String(bundle, StandardCharsets.UTF_8).replaceFirst("\"units\":[0-9]+", "\"units\":7");
                assertThat(InvoiceVerifier.verify(changed.getBytes(StandardCharsets.UTF_8))
                                .holds())
                        .isFalse();
                assertThat(new String(
                                sandbox.billing
                                        .invoices()
                                        .pdf(acme, invoice.id())
                                        .orElseThrow(),
                                StandardCharsets.ISO_8859_1))
                        .startsWith("%PDF-");
                assertThat(sandbox.billing.invoices().page(acme, invoice.id()).orElseThrow())
                        .contains("Seller &amp; Sons", String.valueOf(invoice.number()));
            }
            TenantId other = sandbox.tenant("Other", "growth");
            assertThat(sandbox.billing.invoices().find(other, october)).isEmpty();
            assertThat(sandbox.billing.invoices().evidence(other, october)).isEmpty();
            // running again changes nothing
            assertThat(sandbox.run().finished()).isZero();
            assertThat(RowSecurity.gaps(sandbox.jdbc)).isEmpty();
        }
    }

    private static Invoice find(BillingSandbox sandbox, TenantId tenant, InvoiceId invoice) {
        return sandbox.billing.invoices().find(tenant, invoice).orElseThrow();
    }

    private static List<String> ids(BillingSandbox sandbox, TenantId tenant, InvoiceId invoice, int line) {
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            var page = sandbox.billing
                    .invoices()
                    .calls(tenant, invoice, line, cursor, 7)
                    .orElseThrow();
            page.rows().stream().map(LedgerRow::event).forEach(event -> ids.add(event.id()));
            cursor = page.next();
        } while (cursor != null);
        return ids;
    }

    /** Over all lines of all invoices, each billable call stands behind exactly one line. */
    private static void everyCallOnce(BillingSandbox sandbox, TenantId tenant, List<Invoice> invoices, int calls) {
        Set<String> seen = new HashSet<>();
        int count = 0;
        for (Invoice invoice : invoices) {
            for (InvoiceLine line : invoice.content().lines()) {
                if (line.derivation() instanceof Derivation.Counted
                        || line.derivation() instanceof Derivation.Corrected) {
                    for (String id : ids(sandbox, tenant, invoice.id(), line.number())) {
                        assertThat(seen.add(id)).as(id).isTrue();
                        count++;
                    }
                }
            }
        }
        assertThat(count).isEqualTo(calls);
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    @Test
    @DisplayName(
            "may be killed at every step, and run again gives what an undisturbed one gives, with numbers without a gap")
    void killed() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-10-01T00:00:00Z")) {
            List<TenantId> tenants = new ArrayList<>();
            for (int i = 0; i < CloseStep.values().length; i++) {
                // ids sort by time, and the close goes by ids
                sandbox.at("2026-10-01T00:00:0" + i + "Z");
                tenants.add(sandbox.tenant("Tenant " + i, "growth"));
            }
            sandbox.at("2026-10-20T00:00:00Z");
            for (int i = 0; i < tenants.size(); i++) {
                sandbox.calls(tenants.get(i), "growth", "listListings", "2026-10-19T0" + i + ":00:00Z", 3, 200_000 + i);
            }
            sandbox.at("2026-11-05T00:00:00Z");
            for (CloseStep victim : CloseStep.values()) {
                TenantId tenant = tenants.get(victim.ordinal());
                InvoiceId id = InvoiceId.of(tenant, OCTOBER);
                AtomicBoolean struck = new AtomicBoolean();
                assertThatThrownBy(() -> sandbox.run((step, invoice) -> {
                            if (step == victim && invoice.equals(id) && struck.compareAndSet(false, true)) {
                                throw new Killed();
                            }
                        }))
                        .as(victim.name())
                        .isInstanceOf(Killed.class);
            }
            sandbox.run();
            Set<String> numbers = new HashSet<>();
            for (int i = 0; i < tenants.size(); i++) {
                Invoice invoice = find(sandbox, tenants.get(i), InvoiceId.of(tenants.get(i), OCTOBER));
                assertThat(invoice.state()).isEqualTo(InvoiceState.FINAL);
                assertThat(invoice.content().units()).isEqualTo(600_000 + 3L * i);
                assertThat(invoice.history()).hasSize(2);
                numbers.add(invoice.number());
            }
            List<String> expected = new ArrayList<>();
            for (int i = 1; i <= tenants.size(); i++) {
                expected.add("INV-00000" + i);
            }
            assertThat(numbers).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    @DisplayName("parks an invoice on which the two calculators disagree, with both results and the difference")
    void parked() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-10-01T00:00:00Z")) {
            TenantId acme = sandbox.tenant("Acme", "growth");
            InvoiceId id = InvoiceId.of(acme, OCTOBER);
            sandbox.at("2026-10-10T10:00:00Z");
            sandbox.calls(acme, "growth", "listListings", "2026-10-10T09:30:00Z", 10, 60_000);
            sandbox.tamper("UPDATE rollup SET billable_units = billable_units + 2500 WHERE grain = 2");
            sandbox.at("2026-11-05T00:00:00Z");
            assertThat(sandbox.run()).isEqualTo(new PeriodClose.Result(1, 0, 0, 1));
            Invoice parked = find(sandbox, acme, id);
            assertThat(parked.state()).isEqualTo(InvoiceState.PARKED);
            assertThat(parked.waitsFor()).contains("line 2", "41.00", "40.00", "-1.00");
            assertThat(parked.number()).isNull();
            assertThat(sandbox.run().finished()).isZero();
            sandbox.tamper("UPDATE rollup SET billable_units = billable_units - 2500 WHERE grain = 2");
            sandbox.store().runAsSystem(session -> session.invoices().move(id, InvoiceState.GRACE, null));
            assertThat(sandbox.run().finished()).isEqualTo(1);
            assertThat(find(sandbox, acme, id).number()).isEqualTo("INV-000001");
        }
    }

    @Test
    @DisplayName("holds a line that runs away from the tenant's own season until an operator approves it")
    void held() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-08-01T00:00:00Z")) {
            TenantId acme = sandbox.tenant("Acme", "growth");
            TenantId steady = sandbox.tenant("Steady", "growth");
            for (int day = 0; day < 61; day++) {
                var at = OCTOBER.from().minusSeconds((61 - day) * 86_400L).plusSeconds(36_000);
                sandbox.clock.set(at.plusSeconds(60));
                sandbox.calls(acme, "growth", "listListings", at.toString(), 1, 20_000 + day);
                sandbox.calls(steady, "growth", "listListings", at.toString(), 1, 20_000 + day);
            }
            sandbox.at("2026-10-03T00:00:00Z");
            sandbox.run();
            for (int day = 0; day < 28; day++) {
                var at = OCTOBER.from().plusSeconds(day * 86_400L + 36_000);
                sandbox.clock.set(at.plusSeconds(60));
                sandbox.calls(acme, "growth", "listListings", at.toString(), 1, 100_000);
                sandbox.calls(steady, "growth", "listListings", at.toString(), 1, 20_000);
            }
            sandbox.at("2026-11-03T00:00:00Z");
            PeriodClose.Result result = sandbox.run();
            assertThat(result.held()).isEqualTo(1);
            assertThat(result.finished()).isEqualTo(1);
            InvoiceId id = InvoiceId.of(acme, OCTOBER);
            assertThat(find(sandbox, acme, id).waitsFor()).contains("2,800,000 units", "to be expected");
            sandbox.store().runAsSystem(session -> session.invoices().approve(id, "operator:owner"));
            assertThat(sandbox.run().finished()).isEqualTo(1);
            assertThat(find(sandbox, acme, id).state()).isEqualTo(InvoiceState.FINAL);
        }
    }

    @Test
    @DisplayName("prorates at a change of plan by the second, and begins with a tenant that came in mid-month")
    void prorated() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-11-16T00:00:00Z")) {
            TenantId acme = sandbox.tenant("Acme", "growth");
            sandbox.at("2026-11-23T12:00:00Z");
            sandbox.directory().setPlan(acme, "scale", Actor.process("test")).orThrow();
            Invoice draft = find(sandbox, acme, InvoiceId.of(acme, NOVEMBER));
            // half of November's 30 days is left: 7.5 days of 99.00, then 7.5 of 499.00
            assertThat(draft.content().lines())
                    .extracting(line -> line.amount().amount().toPlainString())
                    .containsExactly("24.75", "0.00", "124.75", "0.00");
            var preview = sandbox.billing.previewPlan(acme, "enterprise").orElse(null);
            assertThat(preview).isNotNull();
            assertThat(preview.charge()).isEqualTo(Money.of("499.75", "USD"));
            assertThat(preview.credit()).isEqualTo(Money.of("124.75", "USD"));
            assertThat(preview.parts().stream()
                            .map(part -> part.changing().minus(part.staying()))
                            .reduce(Money.of("0.00", "USD"), Money::plus))
                    .as("the parts add up to the difference")
                    .isEqualTo(preview.changingTotal().minus(preview.stayingTotal()));
            assertThat(sandbox.billing.previewPlan(acme, "nonsense")).isEmpty();
        }
    }

    @Test
    @DisplayName(
            "closes many tenants in one look at the ledger with the same result, also where a plan changed within an hour")
    void many() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-10-01T00:00:00Z")) {
            List<TenantId> tenants = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                tenants.add(sandbox.tenant("Tenant " + i, "growth"));
            }
            sandbox.at("2026-10-19T12:30:00Z");
            for (int i = 0; i < tenants.size(); i += 2) {
                sandbox.directory()
                        .setPlan(tenants.get(i), "scale", Actor.process("test"))
                        .orThrow();
            }
            sandbox.at("2026-10-20T00:00:00Z");
            for (int i = 0; i < tenants.size(); i++) {
                sandbox.calls(tenants.get(i), "growth", "listListings", "2026-10-19T05:00:00Z", 2, 300_000 + i);
                if (i % 2 == 0) {
                    sandbox.calls(tenants.get(i), "scale", "listListings", "2026-10-19T12:40:00Z", 3, 10 + i);
                    sandbox.calls(tenants.get(i), "scale", "getListing", "2026-10-19T23:00:00Z", 1, 1);
                }
            }
            for (TenantId tenant : tenants) {
                var month = sandbox.billing.monthToDate(tenant).orElseThrow().draft();
                var draft = sandbox.billing.draft(tenant, OCTOBER).orElseThrow();
                assertThat(month.lines())
                        .extracting(InvoiceLine::amount)
                        .isEqualTo(
                                draft.lines().stream().map(InvoiceLine::amount).toList());
                assertThat(month.units()).isEqualTo(draft.units());
                assertThat(sandbox.billing.invoices().list(tenant).getFirst().total())
                        .isEqualTo(draft.total());
            }
            sandbox.at("2026-11-03T00:00:00Z");
            assertThat(sandbox.run()).isEqualTo(new PeriodClose.Result(25, 25, 0, 0));
            for (int i = 0; i < tenants.size(); i++) {
                List<InvoiceSummary> all = sandbox.billing.invoices().list(tenants.get(i));
                assertThat(all).hasSize(2);
                Invoice invoice = find(sandbox, tenants.get(i), all.getLast().id());
                assertThat(invoice.content().line(2).orElseThrow().derivation())
                        .isInstanceOfSatisfying(
                                Derivation.Counted.class,
                                growth -> assertThat(growth.calls()).isEqualTo(2));
                assertThat(invoice.content().units()).isEqualTo(600_000 + 2L * i + (i % 2 == 0 ? 3 * (10 + i) + 1 : 0));
                assertThat(ids(sandbox, tenants.get(i), invoice.id(), 2)).hasSize(2);
            }

            sandbox.at("2026-11-03T06:00:00Z");
            sandbox.calls(tenants.get(3), "growth", "getListing", "2026-10-31T22:00:00Z", 1, 5_000);
            assertThat(sandbox.billing
                            .invoices()
                            .list(tenants.get(3))
                            .getFirst()
                            .total())
                    .isEqualTo(find(sandbox, tenants.get(3), InvoiceId.of(tenants.get(3), NOVEMBER))
                            .content()
                            .total());
            sandbox.at("2026-12-03T00:00:00Z");
            assertThat(sandbox.run()).isEqualTo(new PeriodClose.Result(25, 25, 0, 0));
            for (TenantId tenant : tenants) {
                assertThat(find(sandbox, tenant, InvoiceId.of(tenant, NOVEMBER))
                                .content()
                                .lines())
                        .extracting(InvoiceLine::kind)
                        .filteredOn(InvoiceLine.Kind.ADJUSTMENT::equals)
                        .hasSize(tenant.equals(tenants.get(3)) ? 1 : 0);
            }
        }
    }
}
