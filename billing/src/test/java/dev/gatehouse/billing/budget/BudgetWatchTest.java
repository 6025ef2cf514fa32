package dev.gatehouse.billing.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.billing.BillingSandbox;
import dev.gatehouse.billing.Budget;
import dev.gatehouse.billing.store.BudgetRows;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.lease.LeaseLostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
                        (tenant, budget, alert, recipient) ->
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
                    (tenant, budget, alert, recipient) ->
                            sandbox.told.add(new BillingSandbox.Told(tenant.id(), alert.percent())),
                    sandbox.clock);
            assertThatThrownBy(sleeper::look).isInstanceOf(LeaseLostException.class);
            assertThat(capped(sandbox, acme)).isFalse();
            assertThat(sandbox.told).isEmpty();
        }
    }

    @Test
    @DisplayName(
            "tells each recipient of each alert exactly once, also when mail fails, when two look at once, and in any order")
    void toldOnce() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-11-01T00:00:00Z")) {
            TenantId acme = sandbox.tenant("Acme", "growth");
            sandbox.at("2026-11-10T00:00:00Z");
            sandbox.store()
                    .runAsTenant(
                            acme,
                            session -> session.budgets()
                                    .put(new BudgetRows.Row(acme, Money.of("120.00", "USD"), Budget.AtLimit.TELL)));
            Post post = new Post();
            BudgetWatch one = watch(sandbox, post);
            BudgetWatch other = watch(sandbox, post);
            post.unknown = true;
            one.look();
            assertThat(post.sent).as("nobody knows whom to tell").isEmpty();
            post.unknown = false;
            post.broken.addAll(List.of("ada", "bob"));
            one.look();
            post.broken.remove("ada");
            sandbox.at("2026-11-10T00:00:29Z");
            one.look();
            assertThat(post.sent).as("it is not time yet").isEmpty();
            sandbox.at("2026-11-10T00:00:31Z");
            CompletableFuture<Void> beside;
            try (ExecutorService threads = Executors.newCachedThreadPool()) {
                beside = CompletableFuture.runAsync(() -> other.look(acme), threads);
                one.look(acme);
                beside.join();
            }
            assertThat(post.sent).containsExactlyInAnyOrder("ada 50", "ada 80");
            post.broken.clear();
            sandbox.at("2026-11-10T03:00:00Z");
            one.look();
            other.look();
            sandbox.at("2026-11-12T03:00:00Z");
            one.look();
            assertThat(post.sent).containsExactlyInAnyOrder("ada 50", "ada 80", "bob 50", "bob 80");
        }
    }

    private static BudgetWatch watch(BillingSandbox sandbox, Post post) {
        return new BudgetWatch(
                sandbox.store(),
                sandbox.leases(),
                tenant -> Optional.of(Money.of("99.00", "USD")),
                sandbox.directory(),
                post,
                sandbox.clock);
    }

    /** Reaches those whose mail is not broken. */
    private static final class Post implements BudgetWatch.Notices {
        private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
        private final Set<String> broken = new ConcurrentSkipListSet<>();
        private volatile boolean unknown;

        @Override
        public List<String> recipients(Tenant tenant) {
            if (unknown) {
                throw new IllegalStateException("the members cannot be read");
            }
            return List.of("ada", "bob");
        }

        @Override
        public void tell(Tenant tenant, Budget budget, Budget.Alert alert, String recipient) {
            if (broken.contains(recipient)) {
                throw new IllegalStateException("the mail server does not answer");
            }
            sent.add(recipient + " " + alert.percent());
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
