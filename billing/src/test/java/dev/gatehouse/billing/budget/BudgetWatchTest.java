package dev.gatehouse.billing.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.billing.BillingSandbox;
import dev.gatehouse.billing.Budget;
import dev.gatehouse.billing.store.BudgetRows;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.lease.LeaseLostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A budget")
final class BudgetWatchTest {
    @Test
    @DisplayName("tells at 50, 80 and 100 percent once each, and has calls refused at a hard cap until it is raised")
    void alerts() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-11-01T00:00:00Z")) {
            TenantId acme = sandbox.tenant("Acme", "growth");
            sandbox.at("2026-11-10T00:00:00Z");
            sandbox.billing.budgets().set(acme, Money.of("150.00", "USD"), Budget.AtLimit.REFUSE_CALLS, "member:ada");
            // the fee of 99.00 is 66 % already
            assertThat(sandbox.told).extracting(BillingSandbox.Told::percent).containsExactly(50);
            assertThat(capped(sandbox, acme)).isFalse();
            sandbox.calls(acme, "growth", "listListings", "2026-11-09T23:00:00Z", 6, 100_000);
            sandbox.watch().look();
            sandbox.watch().look();
            assertThat(sandbox.told).extracting(BillingSandbox.Told::percent).containsExactly(50, 80);
            sandbox.calls(acme, "growth", "listListings", "2026-11-09T23:30:00Z", 1, 27_500);
            sandbox.watch().look();
            assertThat(sandbox.told).extracting(BillingSandbox.Told::percent).containsExactly(50, 80, 100);
            assertThat(capped(sandbox, acme)).isTrue();
            assertThat(sandbox.billing.budgets().find(acme).orElseThrow().alerts())
                    .extracting(Budget.Alert::percent)
                    .containsExactly(50, 80, 100);
            sandbox.billing.budgets().set(acme, Money.of("500.00", "USD"), Budget.AtLimit.REFUSE_CALLS, "member:ada");
            assertThat(capped(sandbox, acme)).isFalse();
            sandbox.billing.budgets().set(acme, Money.of("100.00", "USD"), Budget.AtLimit.REFUSE_CALLS, "member:ada");
            assertThat(capped(sandbox, acme)).isTrue();
            sandbox.billing.budgets().remove(acme, "member:ada");
            assertThat(capped(sandbox, acme)).isFalse();
            assertThat(sandbox.billing.budgets().find(acme)).isEmpty();
        }
    }

    @Test
    @DisplayName(
            "caps by the budget of now: a look that was overtaken by a higher budget, or by a new month, changes nothing")
    void overtaken() throws Exception {
        for (String change : List.of("a higher budget", "a new month")) {
            try (BillingSandbox sandbox = new BillingSandbox("2026-11-01T00:00:00Z")) {
                TenantId acme = sandbox.tenant("Acme", "growth");
                sandbox.at("2026-11-10T00:00:00Z");
                sandbox.billing
                        .budgets()
                        .set(acme, Money.of("500.00", "USD"), Budget.AtLimit.REFUSE_CALLS, "member:ada");
                sandbox.told.clear();
                sandbox.store()
                        .runAsTenant(
                                acme,
                                session -> session.budgets()
                                        .put(new BudgetRows.Row(
                                                acme, Money.of("90.00", "USD"), Budget.AtLimit.REFUSE_CALLS)));
                BudgetWatch slow = new BudgetWatch(
                        sandbox.store(),
                        sandbox.leases(),
                        tenant -> {
                            if (change.equals("a new month")) {
                                sandbox.at("2026-12-01T00:00:00Z");
                            } else {
                                sandbox.billing
                                        .budgets()
                                        .set(
                                                acme,
                                                Money.of("900.00", "USD"),
                                                Budget.AtLimit.REFUSE_CALLS,
                                                "member:ada");
                            }
                            return Optional.of(Money.of("99.00", "USD"));
                        },
                        sandbox.directory(),
                        (tenant, budget, alert) ->
                                sandbox.told.add(new BillingSandbox.Told(tenant.id(), alert.percent())),
                        sandbox.clock);
                slow.look();
                assertThat(capped(sandbox, acme)).as(change).isFalse();
                assertThat(sandbox.told).as(change).isEmpty();
            }
        }
    }

    @Test
    @DisplayName("is looked at by one process at a time, and one that lost its turn writes nothing")
    void fenced() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-11-01T00:00:00Z")) {
            TenantId acme = sandbox.tenant("Acme", "growth");
            sandbox.at("2026-11-10T00:00:00Z");
            sandbox.billing.budgets().set(acme, Money.of("500.00", "USD"), Budget.AtLimit.REFUSE_CALLS, "member:ada");
            sandbox.told.clear();
            BudgetWatch sleeper = new BudgetWatch(
                    sandbox.store(),
                    sandbox.leases(),
                    tenant -> {
                        sandbox.watch().look();
                        assertThat(sandbox.told).as("its lease holds").isEmpty();
                        sandbox.endLease(BudgetWatch.JOB);
                        assertThat(sandbox.leases().acquire(BudgetWatch.JOB)).isPresent();
                        return Optional.of(Money.of("600.00", "USD"));
                    },
                    sandbox.directory(),
                    (tenant, budget, alert) -> sandbox.told.add(new BillingSandbox.Told(tenant.id(), alert.percent())),
                    sandbox.clock);
            assertThatThrownBy(sleeper::look).isInstanceOf(LeaseLostException.class);
            assertThat(capped(sandbox, acme)).isFalse();
            assertThat(sandbox.told).isEmpty();
        }
    }

    private static boolean capped(BillingSandbox sandbox, TenantId tenant) {
        return sandbox.directory().tenant(tenant).orElseThrow().spendCapped();
    }

    @Test
    @DisplayName(
            "is refused in another currency, of nothing, or with decimals that the currency has not, by the field's name")
    void refused() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-11-01T00:00:00Z")) {
            TenantId acme = sandbox.tenant("Acme", "growth");
            for (String[] bad :
                    new String[][] {{"10.00", "EUR", "currency"}, {"0", "USD", "amount"}, {"10.001", "USD", "amount"}
                    }) {
                assertThatThrownBy(() -> sandbox.billing
                                .budgets()
                                .set(acme, Money.of(bad[0], bad[1]), Budget.AtLimit.TELL, "member:ada"))
                        .isInstanceOfSatisfying(
                                ProblemException.class,
                                e -> assertThat(e.problem().errors().getFirst().field())
                                        .isEqualTo(bad[2]));
            }
        }
    }
}
