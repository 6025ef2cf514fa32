package dev.gatehouse.billing.close;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.gatehouse.billing.budget.BudgetWatch;
import dev.gatehouse.billing.store.BillingStore;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The schedule: of all processes of an installation, one at a time closes periods, and one looks at budgets. */
public final class BillingJobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BillingJobs.class);

    private final Scheduler scheduler;

    private BillingJobs(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** @param every how often each job runs */
    public static BillingJobs start(BillingStore store, PeriodClose close, BudgetWatch budgets, Duration every) {
        RecurringTask<Void> closing = Tasks.recurring("close-periods", FixedDelay.of(every))
                .execute((instance, context) -> {
                    close.run(Duration.ZERO)
                            .filter(result ->
                                    result.drafted() + result.finished() + result.held() + result.parked() > 0)
                            .ifPresent(result -> LOG.info("closed periods: {}", result));
                });
        RecurringTask<Void> watching =
                Tasks.recurring("look-at-budgets", FixedDelay.of(every)).execute((instance, context) -> budgets.look());
        Scheduler scheduler = Scheduler.create(store.schedule())
                .startTasks(closing, watching)
                .threads(2)
                .pollingInterval(every.compareTo(Duration.ofSeconds(10)) < 0 ? every : Duration.ofSeconds(10))
                .heartbeatInterval(Duration.ofSeconds(30))
                .shutdownMaxWait(Duration.ofSeconds(5))
                .build();
        scheduler.start();
        return new BillingJobs(scheduler);
    }

    @Override
    public void close() {
        scheduler.stop();
    }
}
