package dev.gatehouse.directory.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.NewTenant;
import dev.gatehouse.directory.RunningDirectory;
import dev.gatehouse.directory.RunningDirectory.Answer;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.directory.DirectorySnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Changes made at the same time")
final class ConcurrencyTest {
    private static final int WRITERS = 8;
    private static final int EACH = 10;

    @Test
    @DisplayName("get dense versions and distinct slugs, and a client that polls meanwhile misses none")
    void denseVersions() throws Exception {
        try (RunningDirectory running = RunningDirectory.start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long first = running.changesAfter(0).version();
            List<Future<List<Tenant>>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(threads.submit(() -> {
                    List<Tenant> made = new ArrayList<>();
                    for (int j = 0; j < EACH; j++) {
                        made.add(running.directory()
                                .createTenant(NewTenant.of("Same name", "free"), Actor.process("test"))
                                .orThrow());
                    }
                    return made;
                }));
            }
            Set<String> polled = new HashSet<>();
            long seen = first;
            while (seen < first + WRITERS * EACH) {
                boolean done = writers.stream().allMatch(Future::isDone);
                DirectorySnapshot snapshot = running.changesAfter(seen);
                snapshot.tenants().forEach(tenant -> polled.add(tenant.slug()));
                seen = snapshot.version();
                if (done) {
                    break;
                }
            }
            List<Tenant> made = new ArrayList<>();
            for (Future<List<Tenant>> writer : writers) {
                made.addAll(writer.get());
            }
            assertThat(made)
                    .extracting(Tenant::version)
                    .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(first + 1, first + WRITERS * EACH)
                            .boxed()
                            .toList());
            assertThat(polled)
                    .containsExactlyInAnyOrderElementsOf(
                            made.stream().map(Tenant::slug).toList());
        }
    }

    @Test
    @DisplayName("under one Idempotency-Key are made once, and all are answered the same")
    void onceTogether() throws Exception {
        try (RunningDirectory running = RunningDirectory.start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<String, String> headers =
                    Map.of("Authorization", "Bearer " + RunningDirectory.OWNER, "Idempotency-Key", "together");
            Callable<Answer> call =
                    () -> running.admin("createTenant", "POST", "/tenants", Map.of("name", "Once"), headers);
            Set<String> answers = new HashSet<>();
            for (Future<Answer> answer : threads.invokeAll(List.of(call, call, call, call, call, call))) {
                assertThat(answer.get().status()).isEqualTo(201);
                answers.add(answer.get().text());
            }
            assertThat(answers).hasSize(1);
            assertThat(running.directory().tenants(null, 10)).hasSize(1);
        }
    }
}
