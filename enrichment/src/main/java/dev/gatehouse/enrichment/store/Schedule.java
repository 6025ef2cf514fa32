package dev.gatehouse.enrichment.store;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;
import dev.gatehouse.runtime.sql.Database;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * When models are trained: new markets within the hour, all that changed at 03:30 UTC. And when old jobs are forgotten: hourly. By
 * one process of many.
 */
public final class Schedule implements AutoCloseable {
    private static final String FORGET = "forget-old-jobs";

    private static final LocalTime NIGHT = LocalTime.of(3, 30);

    private final Scheduler scheduler;

    private Schedule(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** What is to be done. */
    public record Work(Runnable trainNew, Runnable trainChanged, Runnable forgetJobs) {}

    public static Schedule start(Database database, Work work) {
        RecurringTask<Void> hourly = Tasks.recurring("train-new-markets", Schedules.fixedDelay(Duration.ofHours(1)))
                .execute((instance, context) -> work.trainNew().run());
        RecurringTask<Void> nightly = Tasks.recurring("train-changed-markets", Schedules.daily(ZoneOffset.UTC, NIGHT))
                .execute((instance, context) -> work.trainChanged().run());
        RecurringTask<Void> forget = Tasks.recurring(FORGET, Schedules.fixedDelay(Duration.ofHours(1)))
                .execute((instance, context) -> work.forgetJobs().run());
        Scheduler scheduler = Scheduler.create(database.dataSource())
                .startTasks(List.of(hourly, nightly, forget))
                .threads(1)
                .pollingInterval(Duration.ofSeconds(5))
                .shutdownMaxWait(Duration.ofSeconds(5))
                .build();
        scheduler.start();
        return new Schedule(scheduler);
    }

    @Override
    public void close() {
        scheduler.stop();
    }
}
