package dev.gatehouse.runtime.http;

import dev.gatehouse.runtime.telemetry.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A span for each request that a server answers; it goes on with the caller's trace.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/http/http-spans/">semantic conventions</a>
 */
final class RequestSpans {
    private static final TextMapGetter<HttpServerRequest> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(HttpServerRequest request) {
            return request.headers().names();
        }

        @Override
        public @Nullable String get(@Nullable HttpServerRequest request, String key) {
            return request == null ? null : request.getHeader(key);
        }
    };

    private RequestSpans() {}

    /** @param server its name, as in {@code listings} */
    static Span begin(String server, HttpServerRequest request, String requestId) {
        if (!Tracing.isOn()) {
            return Span.getInvalid();
        }
        String method = request.method().name();
        SpanBuilder builder = Tracing.tracer("gatehouse." + server)
                .spanBuilder(method)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("http.request.method", method)
                .setAttribute("url.path", request.path() == null ? "" : request.path())
                .setAttribute("gatehouse.server", server)
                .setAttribute("gatehouse.request_id", requestId);
        return builder.setParent(Tracing.openTelemetry()
                        .getPropagators()
                        .getTextMapPropagator()
                        .extract(Context.root(), request, HEADERS))
                .startSpan();
    }

    /** The request has found its path. */
    static void routed(String method, String template) {
        Span span = Span.current();
        if (span.isRecording()) {
            span.updateName(method + " " + template).setAttribute("http.route", template);
        }
    }

    static void answered(Span span, int status) {
        span.setAttribute("http.response.status_code", status);
        if (status >= 500) {
            span.setStatus(StatusCode.ERROR).setAttribute("error.type", Integer.toString(status));
        }
    }

    /** Puts the current trace among the headers of a call to another process. */
    static void handOn(Map<String, String> headers) {
        if (Span.current().getSpanContext().isValid()) {
            Tracing.openTelemetry()
                    .getPropagators()
                    .getTextMapPropagator()
                    .inject(Context.current(), headers, (carrier, name, value) -> {
                        if (carrier != null) {
                            carrier.put(name, value);
                        }
                    });
        }
    }
}
