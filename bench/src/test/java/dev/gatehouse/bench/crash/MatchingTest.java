package dev.gatehouse.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.bench.crash.CallRecord.Sight;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.usage.AdmissionRecord;
import dev.gatehouse.kernel.usage.Completion;
import dev.gatehouse.kernel.usage.UsageEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The judge of a crash drill")
final class MatchingTest {
    private static final TenantId TENANT = new TenantId(PrefixedId.of("tnt", 1, 2, 3));
    private static final KeyId KEY = new KeyId(PrefixedId.of("key", 1, 2, 3));

    private final List<String> faults = new ArrayList<>();

    @Test
    @DisplayName("passes whole answers that are there once, and cut ones that are unknown or not there")
    void passes() {
        Matching matching = match(
                0,
                List.of(whole("a", 200), whole("b", 500), whole("c", 200), cut("d"), cut("e")),
                event("a", 200, Completion.COMPLETE, true),
                event("b", 500, Completion.COMPLETE, false),
                event("c", 200, Completion.UNKNOWN, false),
                event("d", 200, Completion.UNKNOWN, false));
        assertThat(faults).isEmpty();
        assertThat(matching).isEqualTo(new Matching(3, 3, 1, 0));
    }

    @Test
    @DisplayName("finds a whole answer that is not in the ledger")
    void missing() {
        Matching matching =
                match(0, List.of(whole("a", 200), whole("b", 404)), event("a", 200, Completion.COMPLETE, true));
        assertThat(faults).contains("b was answered 404 whole and is not in the ledger");
        assertThat(matching.once()).isEqualTo(1);
    }

    @Test
    @DisplayName("finds an event that is there twice, one that nobody sent, and one of a call that was refused")
    void others() {
        Matching matching = match(
                0,
                List.of(whole("a", 200), new CallRecord("r", TENANT, Sight.WHOLE, 429, "rate_limited")),
                event("a", 200, Completion.COMPLETE, true),
                event("a", 200, Completion.COMPLETE, true),
                event("r", 200, Completion.COMPLETE, true),
                event("x", 200, Completion.COMPLETE, true));
        assertThat(faults)
                .containsExactlyInAnyOrder(
                        "a is in the ledger twice",
                        "r is in the ledger, and nobody sent it or it was refused",
                        "x is in the ledger, and nobody sent it or it was refused");
        assertThat(matching.others()).isEqualTo(3);
    }

    @Test
    @DisplayName("finds a cut call that is billed, or that the ledger holds for complete")
    void cutAndBilled() {
        match(
                0,
                List.of(cut("a"), cut("b")),
                event("a", 200, Completion.COMPLETE, true),
                event("b", 200, Completion.UNKNOWN, true));
        assertThat(faults)
                .containsExactly(
                        "a was cut and is COMPLETE in the ledger, and billed",
                        "b was cut and is UNKNOWN in the ledger, and billed");
    }

    @Test
    @DisplayName("finds another status, a success that is not billed and a failure that is")
    void otherwise() {
        match(
                0,
                List.of(whole("a", 200), whole("b", 200), whole("c", 500)),
                event("a", 404, Completion.COMPLETE, true),
                event("b", 200, Completion.COMPLETE, false),
                event("c", 500, Completion.COMPLETE, true));
        assertThat(faults).hasSize(3);
    }

    @Test
    @DisplayName("lets just as many answers be missing as were declared lost")
    void declared() {
        List<CallRecord> calls = List.of(whole("a", 200), whole("b", 200), cut("c"));
        match(1, calls, event("a", 200, Completion.COMPLETE, true));
        match(2, calls, event("a", 200, Completion.COMPLETE, true));
        assertThat(faults).isEmpty();
        match(1, calls);
        match(3, calls, event("a", 200, Completion.COMPLETE, true));
        assertThat(faults)
                .containsExactly(
                        "2 whole answers are missing, 1 are declared lost",
                        "1 whole answers are missing, 3 are declared lost");
    }

    @Test
    @DisplayName("matches refusals by count for each caller and code, with cut calls as the only play")
    void refusals() {
        List<CallRecord> calls = List.of(refused("a"), refused("b"), refused("c"), cut("d"));
        assertThat(refusals(calls, Map.of("t rate_limited", 3L))).isEqualTo(3);
        refusals(calls, Map.of("t rate_limited", 4L));
        refusals(calls, Map.of("t rate_limited", 1L, "nobody journal_full", 2L));
        assertThat(faults).isEmpty();
        refusals(calls, Map.of("t rate_limited", 2L));
        refusals(calls, Map.of("t rate_limited", 5L));
        refusals(calls, Map.of("t rate_limited", 3L, "t quota_exceeded", 2L));
        refusals(calls, Map.of("t rate_limited", 1L, "nobody journal_full", 1L));
        refusals(calls, Map.of("t rate_limited", 3L, "nobody journal_full", 2L));
        assertThat(faults)
                .containsExactly(
                        "refusals of t rate_limited: callers saw 3 to 4, the ledger counts 2",
                        "1 refusals are missing, 0 found no room",
                        "refusals of t rate_limited: callers saw 3 to 4, the ledger counts 5",
                        "refusals of t quota_exceeded: callers saw 0 to 1, the ledger counts 2",
                        "2 refusals are missing, 1 found no room",
                        "0 refusals are missing, 2 found no room");
    }

    private Matching match(long lost, List<CallRecord> calls, UsageEvent... events) {
        return Matching.of(calls, List.of(events), lost, faults::add);
    }

    private long refusals(List<CallRecord> calls, Map<String, Long> counted) {
        return Matching.refusals(calls, counted, call -> "t", faults::add);
    }

    private static CallRecord whole(String id, int status) {
        return new CallRecord(id, TENANT, Sight.WHOLE, status, null);
    }

    private static CallRecord refused(String id) {
        return new CallRecord(id, TENANT, Sight.WHOLE, 429, "rate_limited");
    }

    private static CallRecord cut(String id) {
        return new CallRecord(id, TENANT, Sight.CUT, 0, null);
    }

    private static UsageEvent event(String id, int status, Completion completion, boolean billable) {
        return new UsageEvent(
                "gateway-0-0",
                1,
                1,
                PrefixedId.of("evt", 1, 1, 1),
                Instant.EPOCH,
                TENANT,
                KEY,
                KeyMode.LIVE,
                "growth",
                "homes",
                "v2",
                "searchHomes",
                "GET",
                status,
                completion,
                1,
                1,
                billable,
                0,
                1_000,
                5_000,
                8_000,
                PrefixedId.of("req", 1, 1, 1),
                id,
                null,
                new AdmissionRecord(60_000, 59_000, 1, 2, false),
                List.of(),
                List.of());
    }
}
