package dev.gatehouse.runtime.telemetry;

import dev.gatehouse.runtime.config.Settings;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Optional;

/**
 * Spans of OpenTelemetry, when an exporter is configured: of the gateway, of each service and of its statements in the
 * database, in one trace. They go through {@link GlobalOpenTelemetry}, so that an agent which brings its own
 * implementation (dd-java-agent, opentelemetry-javaagent) takes the place of ours.
 */
public final class Tracing {
    /** Where spans go by OTLP over HTTP, as in {@code http://collector:4318}; without it there are none. */
    public static final String OTLP = "gatehouse.telemetry.otlp";

    /** The share of traces that is kept, 0 to 1. */
    public static final String SAMPLE = "gatehouse.telemetry.sample";

    private Tracing() {}

    /**
     * Starts to export, when the settings say where to and no agent does it already; to be called before any role starts.
     *
     * @param node tells this process from the others in {@code service.instance.id}
     * @return ends the export, after what was recorded has been sent
     */
    public static AutoCloseable start(Settings settings, String node) {
        Optional<String> collector = settings.text(OTLP);
        if (collector.isEmpty() || GlobalOpenTelemetry.isSet()) {
            return () -> {};
        }
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setResource(Resource.getDefault()
                                .merge(Resource.create(Attributes.builder()
                                        .put("service.name", "gatehouse")
                                        .put("service.instance.id", node)
                                        .build())))
                        .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(share(settings))))
                        .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                        .setEndpoint(collector.get().replaceAll("/+$", "") + "/v1/traces")
                                        .build())
                                .build())
                        .build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
        GlobalOpenTelemetry.set(sdk);
        return sdk;
    }

    private static double share(Settings settings) {
        String text = settings.text(SAMPLE, "1");
        try {
            double share = Double.parseDouble(text);
            if (share >= 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            // said below, in the same words as for a number out of range
        }
        throw new IllegalArgumentException(SAMPLE + " is \"" + text + "\": must be a share from 0 to 1, such as 0.05");
    }

    /** Whether anybody takes spans. */
    public static boolean isOn() {
        return GlobalOpenTelemetry.isSet();
    }

    /** Makes spans that cost next to nothing while nobody takes them. */
    public static Tracer tracer(String scope) {
        return openTelemetry().getTracer(scope);
    }

    /** What is set now; never sets the empty one for good, as {@link GlobalOpenTelemetry#get()} would. */
    public static OpenTelemetry openTelemetry() {
        return GlobalOpenTelemetry.getOrNoop();
    }
}
