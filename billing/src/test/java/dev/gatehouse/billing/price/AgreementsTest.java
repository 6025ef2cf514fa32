package dev.gatehouse.billing.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.BillingSandbox;
import dev.gatehouse.billing.Budget;
import dev.gatehouse.billing.Invoice;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceState;
import dev.gatehouse.billing.audit.Reconciliation;
import dev.gatehouse.billing.close.PeriodClose;
import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.Outcome;
import dev.gatehouse.directory.PlanSales;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a tenant agreed to")
final class AgreementsTest {
    private static final YearMonth OCTOBER = YearMonth.of(2026, 10);
    private static final YearMonth NOVEMBER = YearMonth.of(2026, 11);
    private static final Actor OWNER = Actor.process("test");

    private static void add(BillingSandbox sandbox, String yaml) {
        PriceBook book = new PriceBook(sandbox.store(), sandbox.clock);
        sandbox.store()
                .runAsSystem(session -> PriceFile.parse("prices:\n" + yaml)
                        .forEach(list -> assertThat(book.add(session, list, "operator:owner"))
                                .isTrue()));
    }

    private static Invoice invoice(BillingSandbox sandbox, TenantId tenant, YearMonth month) {
        return sandbox.billing
                .invoices()
                .find(tenant, InvoiceId.of(tenant, BillingPeriod.of(month)))
                .orElseThrow();
    }

    private static String total(BillingSandbox sandbox, TenantId tenant, YearMonth month) {
        return invoice(sandbox, tenant, month).content().total().toString();
    }

    @Test
    @DisplayName(
            "stays when prices in a second currency, or another version, come into the book: the month in grace, the trial,"
                    + " the running month and the cap are what they were")
    void catalogueChanges() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-10-01T00:00:00Z")) {
            add(sandbox, """
                      - {plan: scale, currency: USD, version: 2, from: "2026-10-01T01:00:00Z", baseFee: "499.00",
                         includedUnits: 3000000, units: {flat: "0.25"}, trialDays: 60}
                    """);
            TenantId acme = sandbox.tenant("Acme", "growth");
            sandbox.at("2026-10-02T00:00:00Z");
            TenantId tries = sandbox.tenant("Tries", "scale");
            sandbox.at("2026-10-20T00:00:00Z");
            sandbox.calls(acme, "growth", "listListings", "2026-10-19T10:00:00Z", 6, 100_000);
            sandbox.at("2026-11-02T00:00:00Z");
            sandbox.run();
            sandbox.billing.budgets().set(acme, Money.of("90.00", "USD"), Budget.AtLimit.REFUSE_CALLS, "member:ada");
            add(sandbox, """
                      - {plan: growth, currency: EUR, version: 1, baseFee: "84.00", includedUnits: 500000, units: {flat: "0.40"}}
                      - {plan: scale, currency: EUR, version: 1, baseFee: "400.00", includedUnits: 1, units: {flat: "0.40"}}
                      - {plan: growth, currency: USD, version: 2, from: "2026-11-02T00:00:00Z", baseFee: "229.00",
                         includedUnits: 0, units: {flat: "0.40"}, trialDays: 90}
                    """);
            sandbox.watch().look();
            assertThat(sandbox.directory().tenant(acme).orElseThrow().spendCapped())
                    .isTrue();
            assertThat(total(sandbox, acme, NOVEMBER)).isEqualTo("99.00 USD");
            assertThat(total(sandbox, tries, NOVEMBER)).isEqualTo("0.00 USD");
            sandbox.at("2026-11-04T00:00:00Z");
            assertThat(sandbox.run().finished()).isEqualTo(2);
            assertThat(total(sandbox, acme, OCTOBER)).isEqualTo("139.00 USD");
            assertThat(total(sandbox, tries, OCTOBER)).isEqualTo("0.00 USD");
            TenantId later = sandbox.tenant("Later", "growth");
            sandbox.at("2026-12-01T00:00:00Z");
            assertThat(total(sandbox, later, YearMonth.of(2026, 12))).isEqualTo("0.00 USD");
            assertThat(total(sandbox, acme, YearMonth.of(2026, 12))).isEqualTo("99.00 USD");
        }
    }

    @Test
    @DisplayName("a plan without prices in the tenant's currency is refused, with the reason, and nothing is changed")
    void planRefused() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-10-01T00:00:00Z")) {
            TenantId acme = euro(sandbox);
            Outcome<?> outcome = sandbox.directory().setPlan(acme, "scale", OWNER);
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Refused.class,
                            refused -> assertThat(refused.problem().detail()).contains("scale", "no prices in EUR"));
            assertThat(sandbox.directory().tenant(acme).orElseThrow().plan()).isEqualTo("growth");
        }
    }

    /** A tenant that pays in EUR, in which only growth has prices. */
    private static TenantId euro(BillingSandbox sandbox) {
        add(sandbox, """
                  - {plan: growth, currency: EUR, version: 1, baseFee: "84.00", includedUnits: 500000, units: {flat: "0.40"}}
                """);
        TenantId acme = sandbox.tenant("Acme", "growth");
        assertThat(sandbox.billing.monthToDate(acme)).isPresent();
        sandbox.asOwner(
                "INSERT INTO billing.agreement (tenant_id, place, since, plan, currency, version, cause, created_at,"
                        + " created_by) VALUES ('" + acme
                        + "', 2, '2026-10-01T00:00:00Z', 'growth', 'EUR', 1, 'currency', now(), 'x')");
        return acme;
    }

    @Test
    @DisplayName(
            "one tenant's fault is a finding that names it: its bill is there, the others are closed, reconciled and rated")
    void faultIsNamed() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-10-01T00:00:00Z")) {
            TenantId acme = euro(sandbox);
            TenantId other = sandbox.tenant("Other", "growth");
            sandbox.at("2026-10-11T00:00:00Z");
            sandbox.directoryModule.soldBy(PlanSales.OPEN);
            sandbox.directory().setPlan(acme, "scale", OWNER).orThrow();
            assertThat(total(sandbox, acme, OCTOBER)).isEqualTo("84.00 EUR");
            Reconciliation found = sandbox.audit().reconcile(OCTOBER);
            assertThat(found.findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.tenant() + " " + finding.what())
                            .contains(acme.value(), "scale", "no prices in EUR"));
            var whatIf = sandbox.audit().whatIf(List.of(), OCTOBER, OCTOBER);
            assertThat(whatIf.rows()).hasSize(2);
            assertThat(whatIf.findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.tenant()).isEqualTo(acme.value()));
            sandbox.at("2026-11-05T00:00:00Z");
            PeriodClose.Result result = sandbox.run();
            assertThat(result.finished()).isEqualTo(1);
            assertThat(result.failures())
                    .singleElement()
                    .satisfies(failure ->
                            assertThat(failure.toString()).contains(acme.value(), "2026-10", "no prices in EUR"));
            assertThat(invoice(sandbox, other, OCTOBER).state()).isEqualTo(InvoiceState.FINAL);
            add(sandbox, """
                      - {plan: scale, currency: EUR, version: 1, baseFee: "434.00", includedUnits: 1, units: {flat: "0.40"}}
                    """);
            assertThat(sandbox.run().failures()).isEmpty();
            // 10 of 31 days of 84.00, and 21 of 434.00
            assertThat(total(sandbox, acme, OCTOBER)).isEqualTo("321.10 EUR");
        }
    }

    @Test
    @DisplayName(
            "is written once for the tenants of an installation that did not write it, by what held, and read since")
    void adopted() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-10-01T00:00:00Z")) {
            TenantId acme = sandbox.tenant("Acme", "growth");
            sandbox.at("2026-10-02T00:00:00Z");
            add(sandbox, """
                      - {plan: growth, currency: USD, version: 2, from: "2026-10-11T00:00:00Z", baseFee: "93.00",
                         includedUnits: 500000, units: {flat: "0.40"}}
                      - {plan: growth, currency: USD, version: 3, from: "2026-12-01T00:00:00Z", baseFee: "50.00",
                         includedUnits: 500000, units: {flat: "0.40"}}
                      - {plan: growth, currency: EUR, version: 1, baseFee: "84.00", includedUnits: 500000, units: {flat: "0.40"}}
                    """);
            sandbox.at("2026-10-20T00:00:00Z");
            // as it was before: all of them on the newest version that had begun
            sandbox.asOwner("DELETE FROM billing.agreement");
            sandbox.asOwner("UPDATE billing.agreement_adoption SET done_at = NULL");
            StoredAgreements agreements = new StoredAgreements(sandbox.directory(), sandbox.store(), sandbox.clock);
            for (int i = 0; i < 2; i++) {
                agreements.adopt();
                assertThat(agreements.of(acme).orElseThrow().agreed())
                        .extracting(agreed -> agreed.since() + " "
                                + Objects.requireNonNull(agreed.prices()).currency() + " "
                                + agreed.prices().version())
                        .containsExactly(
                                "2026-10-01T00:00:00Z USD 1",
                                "2026-10-11T00:00:00Z USD 2",
                                "2026-12-01T00:00:00Z USD 3");
            }
            // 10 of 31 days of 99.00 and 21 of 93.00
            assertThat(total(sandbox, acme, OCTOBER)).isEqualTo("94.94 USD");
            sandbox.at("2026-10-21T00:00:00Z");
            sandbox.directory().setPlan(acme, "scale", OWNER).orThrow();
            sandbox.at("2026-12-10T00:00:00Z");
            assertThat(total(sandbox, acme, YearMonth.of(2026, 12))).isEqualTo("499.00 USD");
        }
    }

    @Test
    @DisplayName(
            "follows the plans file to another currency for who comes after it, and for nobody who was there before")
    void plansFile() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-10-01T00:00:00Z")) {
            TenantId acme = sandbox.tenant("Acme", "growth");
            sandbox.at("2026-10-05T00:30:00Z");
            var growth = sandbox.directory().plan("growth").orElseThrow();
            PriceBook book = new PriceBook(sandbox.store(), sandbox.clock);
            book.take(
                    List.of(),
                    List.of(new dev.gatehouse.kernel.plan.Plan(
                            growth.slug(),
                            growth.name(),
                            growth.limits(),
                            growth.weight(),
                            growth.maxConcurrent(),
                            growth.maxQueued(),
                            growth.fields(),
                            Money.of("84.00", "EUR"),
                            growth.includedUnits(),
                            Money.of("0.35", "EUR"))));
            Catalogue catalogue =
                    sandbox.store().asSystem(session -> session.prices().catalogue());
            assertThat(catalogue.currencyOf("growth", java.util.Currency.getInstance("EUR"), sandbox.clock.instant()))
                    .hasValue(java.util.Currency.getInstance("EUR"));
            assertThat(catalogue.currencyOf(
                            "growth", java.util.Currency.getInstance("EUR"), Instant.parse("2026-10-04T00:00:00Z")))
                    .hasValue(java.util.Currency.getInstance("USD"));
            assertThat(total(sandbox, acme, OCTOBER)).isEqualTo("99.00 USD");
        }
    }

    @Test
    @DisplayName("ends: one last invoice, which waits until no usage can be late, and then nothing")
    void ended() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-10-01T00:00:00Z")) {
            TenantId acme = sandbox.tenant("Acme", "growth");
            assertThat(sandbox.billing.monthToDate(acme)).isPresent();
            sandbox.at("2026-10-11T00:00:00Z");
            sandbox.directory().suspend(acme, OWNER).orThrow();
            sandbox.asOwner(
                    "INSERT INTO billing.agreement (tenant_id, place, since, cause, created_at, created_by) VALUES ('"
                            + acme + "', 2, '2026-10-11T00:00:00Z', 'end', now(), 'x')");
            sandbox.at("2026-11-03T00:00:00Z");
            assertThat(sandbox.run().finished()).as("usage may still be late").isZero();
            sandbox.at("2026-11-04T00:00:00Z");
            assertThat(sandbox.run().finished()).isEqualTo(1);
            // 10 of 31 days of 99.00
            assertThat(total(sandbox, acme, OCTOBER)).isEqualTo("31.94 USD");
            sandbox.at("2027-03-10T00:00:00Z");
            assertThat(sandbox.run()).isEqualTo(new PeriodClose.Result(0, 0, 0, 0));
            assertThat(sandbox.billing.invoices().list(acme)).hasSize(1);
            assertThat(sandbox.directory().resume(acme, OWNER)).isInstanceOf(Outcome.Refused.class);
            assertThat(sandbox.directory().setPlan(acme, "scale", OWNER)).isInstanceOf(Outcome.Refused.class);
        }
    }

    @Test
    @DisplayName("of a suspended tenant costs nothing while it is suspended, to the second")
    void suspended() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-10-01T00:00:00Z")) {
            TenantId acme = sandbox.tenant("Acme", "growth");
            sandbox.at("2026-10-11T00:00:00Z");
            sandbox.directory().suspend(acme, OWNER).orThrow();
            sandbox.at("2026-10-21T00:00:00Z");
            sandbox.directory().resume(acme, OWNER).orThrow();
            // 21 of 31 days, in two parts
            assertThat(total(sandbox, acme, OCTOBER)).isEqualTo("67.07 USD");
            sandbox.directory().suspend(acme, OWNER).orThrow();
            sandbox.at("2026-12-05T00:00:00Z");
            sandbox.run();
            assertThat(total(sandbox, acme, OCTOBER)).isEqualTo("31.94 USD");
            assertThat(sandbox.billing.invoices().list(acme)).hasSize(1);
        }
    }
}
