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

/** When models are trained: new markets within the hour, all that changed at 03:30 UTC; by one process of many. */
public final class TrainingSchedule implements AutoCloseable {
    private static final LocalTime NIGHT = LocalTime.of(3, 30);

    private final Scheduler scheduler;

    private TrainingSchedule(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    public static TrainingSchedule start(Database database, Runnable trainNew, Runnable trainChanged) {
        RecurringTask<Void> hourly = Tasks.recurring("train-new-markets", Schedules.fixedDelay(Duration.ofHours(1)))
                .execute((instance, context) -> trainNew.run());
        RecurringTask<Void> nightly = Tasks.recurring("train-changed-markets", Schedules.daily(ZoneOffset.UTC, NIGHT))
                .execute((instance, context) -> trainChanged.run());
        Scheduler scheduler = Scheduler.create(database.dataSource())
                .startTasks(List.of(hourly, nightly))
                .threads(1)
                .pollingInterval(Duration.ofSeconds(30))
                .shutdownMaxWait(Duration.ofSeconds(5))
                .build();
        scheduler.start();
        return new TrainingSchedule(scheduler);
    }

    @Override
    public void close() {
        scheduler.stop();
    }
}
