package dev.gatehouse.metering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.metering.ledger.LedgerStore;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.lease.Leases;
import dev.gatehouse.runtime.sql.Database;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The job that drops old calls")
final class PartitionJobTest {
    private static final InstantSource NOW = InstantSource.fixed(Instant.parse("2026-11-10T00:00:00Z"));
    private static final MeteringSettings SETTINGS = MeteringSettings.of(Settings.of(Map.of()));

    @Test
    @DisplayName("is done by one process at a time; one that was overtaken while it was paused drops nothing")
    void twoAtOnce() throws Exception {
        try (LedgerSandbox ledger = new LedgerSandbox()) {
            Database database = ledger.database();
            Leases other = new Leases(database, "other", Duration.ofSeconds(30));
            List<String> steps = new ArrayList<>();
            PartitionJob sleeper = new PartitionJob(
                    paused(ledger.store(), steps, () -> {
                        assertThat(other.acquire(PartitionJob.JOB))
                                .as("its lease holds")
                                .isEmpty();
                        database.jdbi()
                                .useHandle(handle -> handle.execute("UPDATE job_lease SET held_until = '-infinity'"));
                        assertThat(other.acquire(PartitionJob.JOB)).isPresent();
                    }),
                    new Leases(database, "sleeper", Duration.ofSeconds(30)),
                    SETTINGS,
                    NOW);
            assertThat(sleeper.once()).isFalse();
            assertThat(steps).containsExactly("prepare", "compact");
            assertThat(sleeper.once()).as("the other one holds the lease").isFalse();
            assertThat(steps).containsExactly("prepare", "compact", "prepare");
        }
    }

    /** The real store, which is paused once old partitions are made small. */
    private static LedgerStore paused(LedgerStore real, List<String> steps, Runnable meanwhile) {
        return (LedgerStore) Proxy.newProxyInstance(
                LedgerStore.class.getClassLoader(), new Class<?>[] {LedgerStore.class}, (proxy, method, arguments) -> {
                    steps.add(method.getName());
                    try {
                        Object result = method.invoke(real, arguments);
                        if (method.getName().equals("compact")) {
                            meanwhile.run();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }
}
