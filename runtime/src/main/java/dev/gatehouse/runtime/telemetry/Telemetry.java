package dev.gatehouse.runtime.telemetry;

import dev.gatehouse.runtime.http.Endpoint;
import dev.gatehouse.runtime.http.Response;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;

/** The metrics of one process. */
public final class Telemetry {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    public MeterRegistry meters() {
        return registry;
    }

    /** The metrics as Prometheus' text format 0.0.4. */
    public Endpoint scrape() {
        return request -> Response.bytes(
                200,
                "text/plain; version=0.0.4; charset=utf-8",
                registry.scrape().getBytes(StandardCharsets.UTF_8));
    }
}
