package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.route.Operation;
import dev.gatehouse.gateway.standing.Standing;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.usage.Completion;
import dev.gatehouse.runtime.telemetry.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * A span for each call, where somebody takes spans. A trace begins here: what a client says of its own is linked and not
 * gone on with, so that no stranger decides what is sampled.
 */
final class CallSpans {
    private static final TextMapGetter<MultiMap> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(MultiMap headers) {
            return headers.names();
        }

        @Override
        public @Nullable String get(@Nullable MultiMap headers, String name) {
            return headers == null ? null : headers.get(name);
        }
    };

    private final @Nullable Tracer tracer = Tracing.isOn() ? Tracing.tracer("gatehouse.gateway") : null;

    @Nullable
    Span begin(Call call, MultiMap headers) {
        if (tracer == null) {
            return null;
        }
        Span theirs =
                Span.fromContext(W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, HEADERS));
        return tracer.spanBuilder(call.method)
                .setNoParent()
                .addLink(theirs.getSpanContext())
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("http.request.method", call.method)
                .setAttribute("url.path", call.shownPath())
                .setAttribute("gatehouse.server", "gateway")
                .setAttribute("gatehouse.request_id", call.requestId)
                .startSpan();
    }

    /** Lets the service go on with the call's trace. */
    void handOn(Call call, MultiMap headers) {
        Span span = call.span;
        if (span != null) {
            W3CTraceContextPropagator.getInstance()
                    .inject(Context.root().with(span), headers, (carrier, name, value) -> {
                        if (carrier != null) {
                            carrier.set(name, value);
                        }
                    });
        }
    }

    static void end(Call call, Completion completion) {
        Span span = call.span;
        if (span == null) {
            return;
        }
        Operation operation = call.operation;
        if (operation != null) {
            span.updateName(call.method + " " + operation.id()).setAttribute("gatehouse.operation", operation.id());
        }
        Standing standing = call.standing;
        if (standing != null) {
            span.setAttribute("gatehouse.tenant", standing.tenant().slug());
            span.setAttribute("gatehouse.key", standing.key().prefix());
        }
        if (call.upstream != null) {
            span.setAttribute("server.address", call.upstream);
            span.setAttribute("gatehouse.upstream_micros", call.upstreamNanos / 1_000);
        }
        span.setAttribute("http.response.status_code", call.status);
        span.setAttribute("gatehouse.completion", completion.name());
        ProblemCode code = call.code;
        if (code != null) {
            span.setAttribute("error.type", code.text());
        }
        if (call.status >= 500) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }
}
