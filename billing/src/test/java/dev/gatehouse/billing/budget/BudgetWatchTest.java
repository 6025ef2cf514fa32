package dev.gatehouse.billing.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.billing.BillingSandbox;
import dev.gatehouse.billing.Budget;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.kernel.problem.ProblemException;
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
