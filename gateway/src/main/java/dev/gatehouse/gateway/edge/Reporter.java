package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.admit.Admission;
import dev.gatehouse.gateway.admit.Levels;
import dev.gatehouse.gateway.admit.LoopAdmission;
import dev.gatehouse.gateway.report.GatewayMetrics;
import dev.gatehouse.gateway.report.LogLines;
import dev.gatehouse.gateway.report.RefusedCalls;
import dev.gatehouse.gateway.report.UsageRecorder;
import dev.gatehouse.gateway.route.Operation;
import dev.gatehouse.gateway.standing.Standing;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.usage.AdmissionRecord;
import dev.gatehouse.kernel.usage.Completion;
import dev.gatehouse.kernel.usage.RefusedCall;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventIds;
import dev.gatehouse.kernel.usage.UsageOutcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells what happened to a call: settles its cost, records its usage, counts it, logs it. Belongs to one event loop. */
final class Reporter {
    private final LoopAdmission admission;
    private final UsageRecorder usage;
    private final RefusedCalls refused;
    private final UsageEventIds eventIds;
    private final GatewayMetrics metrics;
    private final LogLines log;

    /**
     * Where calls are taken down.
     *
     * @param refused those that were not let in, so that they can be explained
     */
    record Records(UsageRecorder usage, RefusedCalls refused) {}

    Reporter(LoopAdmission admission, Records records, GatewayMetrics metrics, LogLines log) {
        this.admission = admission;
        this.usage = records.usage();
        this.refused = records.refused();
        this.metrics = metrics;
        this.log = log;
        eventIds = new UsageEventIds(usage.producer(), usage.epoch());
    }

    /** @return the number of the call's usage event, to be confirmed; 0 when it has none */
    long report(Call call, Completion completion, long requestBytes) {
        long seq = 0;
        long nanos = System.nanoTime() - call.startNanos;
        ProblemCode code = call.code;
        Operation operation = call.operation;
        Standing standing = call.standing;
        if (operation != null
                && standing != null
                && call.admission instanceof Admission.Admit admitted
                && isOfService(code)) {
            seq = record(call, operation, standing, admitted, completion, requestBytes, nanos / 1_000);
        } else if (code != null) {
            usage.refused(
                    standing == null ? null : standing.tenant().id(),
                    standing == null ? null : standing.key().id(),
                    code.text(),
                    Instant.ofEpochMilli(call.startMillis));
            if (standing != null) {
                explain(call, standing, code);
            }
        }
        if (code != null) {
            metrics.refused(code.text());
        }
        metrics.answered(call.service, call.status, nanos);
        log(call, completion, requestBytes, nanos);
        CallSpans.end(call, completion);
        return seq;
    }

    /** It is known how the answer's last byte fared. */
    void confirm(long seq, Completion completion) {
        usage.confirm(seq, completion);
    }

    /** Whether an admitted call got past the gateway's own refusals: those ask admission for levels only. */
    private static boolean isOfService(@Nullable ProblemCode code) {
        return code == null
                || switch (code) {
                    case UPSTREAM_UNREACHABLE,
                            UPSTREAM_FAILED,
                            UPSTREAM_UNAVAILABLE,
                            UPSTREAM_TIMEOUT,
                            TOO_LARGE,
                            REQUEST_TOO_SLOW,
                            // of a body: a malformed head is refused before admission
                            MALFORMED_REQUEST -> true;
                    default -> false;
                };
    }

    private long record(
            Call call,
            Operation operation,
            Standing standing,
            Admission.Admit admitted,
            Completion completion,
            long requestBytes,
            long totalMicros) {
        long taken = operation.cost();
        long cost = call.statedCost >= 0 ? call.statedCost : taken;
        UsageOutcome outcome = UsageOutcome.ofAdmitted(call.status, completion);
        long charged = outcome.charged(cost);
        admission.settle(standing.account(), charged - taken, admitted);
        if (charged == 0 && taken > 0) {
            standing.places().givenBack().take(System.nanoTime());
        }
        Levels levels = admitted.levels();
        long burst = standing.limits().burst();
        long bucketAfter = levels.bucketMilli(burst);
        long seq = usage.nextSeq();
        usage.append(new UsageEvent(
                usage.producer(),
                usage.epoch(),
                seq,
                eventIds.id(levels.atMicros() / 1_000, seq),
                instant(levels.atMicros()),
                standing.tenant().id(),
                standing.key().id(),
                standing.key().mode(),
                standing.tenant().plan(),
                call.service,
                operation.version(),
                operation.id(),
                call.method,
                call.status,
                completion,
                cost,
                charged,
                outcome.billable(standing.key().mode()),
                requestBytes,
                call.responseBytes,
                call.upstreamNanos / 1_000,
                totalMicros,
                call.requestId,
                call.clientRequestId,
                call.upstream,
                new AdmissionRecord(
                        bucketAfter + taken * 1_000,
                        bucketAfter,
                        levels.quotaUsed() - taken,
                        levels.quotaUsed(),
                        admitted.degraded()),
                QueryNames.parameters(call.shownQuery()),
                QueryNames.selected(call.shownQuery())));
        return seq;
    }

    private void explain(Call call, Standing standing, ProblemCode code) {
        Operation operation = call.operation;
        refused.add(new RefusedCall(
                standing.tenant().id(),
                standing.key().id(),
                Instant.ofEpochMilli(call.startMillis),
                call.requestId,
                call.clientRequestId,
                code.text(),
                call.status,
                call.detail,
                call.method,
                call.shownPath(),
                operation == null ? null : operation.id(),
                operation == null ? 0 : operation.cost(),
                call.retryAfterSeconds,
                standing.limits(),
                call.admission == null ? null : untouched(call.admission, standing)));
    }

    /** What a refusal saw, and left as it was. */
    private static AdmissionRecord untouched(Admission seen, Standing standing) {
        long bucket = seen.levels().bucketMilli(standing.limits().burst());
        long quota = seen.levels().quotaUsed();
        return new AdmissionRecord(bucket, bucket, quota, quota, seen.degraded());
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
    }

    private void log(Call call, Completion completion, long requestBytes, long nanos) {
        Standing standing = call.standing;
        Operation operation = call.operation;
        ProblemCode code = call.code;
        log.begin()
                .add("at", call.startMillis)
                .add("requestId", call.requestId)
                .add("clientRequestId", call.clientRequestId)
                .add(
                        "trace",
                        call.span == null ? null : call.span.getSpanContext().getTraceId())
                .add("address", call.address)
                .add("method", call.method)
                .add("path", call.shownPath())
                .add("status", call.status)
                .add("code", code == null ? null : code.text())
                .add("completion", completion == Completion.COMPLETE ? null : completion.name())
                .add("tenant", standing == null ? null : standing.tenant().slug())
                .add("key", standing == null ? null : standing.key().prefix())
                .add("service", call.service)
                .add("operation", operation == null ? null : operation.id())
                .add("upstream", call.upstream)
                .add("upstreamMicros", call.upstreamNanos / 1_000)
                .add("totalMicros", nanos / 1_000)
                .add("requestBytes", requestBytes)
                .add("responseBytes", call.responseBytes)
                .end();
    }

    void close() {
        refused.flush();
        usage.close();
        log.flush();
    }
}
