package dev.gatehouse.billing.budget;

import dev.gatehouse.billing.Budget;
import dev.gatehouse.billing.store.BillingStore;
import dev.gatehouse.billing.store.BudgetRows.Notice;
import dev.gatehouse.billing.store.BudgetRows.Open;
import dev.gatehouse.billing.store.BudgetRows.Row;
import dev.gatehouse.billing.store.Session;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells tenants of the alerts that are stored, each of its recipients once. What fails is tried again, half a minute later and
 * then at growing intervals, to whom it did not reach. A row is locked while its mail is sent, so that two processes do not
 * send the same; only a process that dies between the mail and its commit leaves it to be sent again.
 */
final class BudgetLetters {
    private static final Logger LOG = LoggerFactory.getLogger(BudgetLetters.class);
    private static final Duration SHORTEST = Duration.ofSeconds(30);
    private static final int MOST_DOUBLINGS = 7;
    private static final int MOST_AT_ONCE = 500;

    private final BillingStore store;
    private final Directory directory;
    private final BudgetWatch.Notices notices;
    private final InstantSource clock;

    BudgetLetters(BillingStore store, Directory directory, BudgetWatch.Notices notices, InstantSource clock) {
        this.store = store;
        this.directory = directory;
        this.notices = notices;
        this.clock = clock;
    }

    /** @param tenant null for what is to be told to all of them */
    void send(@Nullable TenantId tenant) {
        for (Open open : store.asSystem(session -> session.budgets().unaddressed(tenant))) {
            address(open);
        }
        Instant now = clock.instant();
        for (int sent = 0; sent < MOST_AT_ONCE; sent++) {
            if (!store.<Boolean>asSystem(session -> sendNext(session, tenant, now))) {
                return;
            }
        }
    }

    /** Who has to be told is written down first: whoever was told is not told again when another one's mail fails. */
    private void address(Open open) {
        Optional<Tenant> found = directory.tenant(open.budget().tenant());
        try {
            List<String> recipients = found.map(notices::recipients).orElse(List.of());
            boolean first =
                    store.<Boolean>asSystem(session -> session.budgets().address(open, recipients, clock.instant()));
            if (first && recipients.isEmpty()) {
                LOG.warn(
                        "{} has nobody who could be told of its budget",
                        open.budget().tenant());
            }
        } catch (RuntimeException e) {
            if (Database.isAway(e)) {
                throw e;
            }
            LOG.warn(
                    "whom of {} to tell of its budget is asked again: {}",
                    open.budget().tenant(),
                    e.toString());
        }
    }

    private boolean sendNext(Session session, @Nullable TenantId tenant, Instant now) {
        Optional<Notice> next = session.budgets().nextNotice(tenant, now);
        if (next.isEmpty()) {
            return false;
        }
        Notice notice = next.get();
        Row budget = notice.open().budget();
        Budget.Alert alert = notice.open().alert();
        Optional<Tenant> found = directory.tenant(budget.tenant());
        try {
            found.ifPresent(payer -> notices.tell(
                    payer, new Budget(budget.amount(), budget.atLimit(), List.of(alert)), alert, notice.recipient()));
            session.budgets().told(notice, clock.instant());
        } catch (RuntimeException e) {
            Duration wait = SHORTEST.multipliedBy(1L << Math.min(notice.attempts(), MOST_DOUBLINGS));
            LOG.warn("{} is told of its budget again in {}: {}", budget.tenant(), wait, e.toString());
            session.budgets().putOff(notice, now.plus(wait), e.toString());
        }
        return true;
    }
}
