package dev.gatehouse.gateway.report;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What Prometheus is told. Labels have few values: services and codes, never tenants or paths. */
public final class GatewayMetrics {
    private final MeterRegistry meters;
    private final Map<String, Timer[]> answers = new ConcurrentHashMap<>();
    private final Map<String, Counter> refusals = new ConcurrentHashMap<>();
    private final Map<String, Counter> retries = new ConcurrentHashMap<>();

    public GatewayMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /** A call of a service was answered. */
    public void answered(String service, int status, long nanos) {
        Timer[] classes = answers.computeIfAbsent(service, s -> new Timer[6]);
        int index = Math.clamp(status / 100, 1, 5);
        Timer timer = classes[index];
        if (timer == null) {
            timer = Timer.builder("gatehouse.gateway.answers")
                    .description("Calls answered, and the time from the request's head to the answer's last byte")
                    .tag("service", service)
                    .tag("status", index + "xx")
                    .serviceLevelObjectives(
                            Duration.ofMillis(1),
                            Duration.ofMillis(5),
                            Duration.ofMillis(10),
                            Duration.ofMillis(25),
                            Duration.ofMillis(50),
                            Duration.ofMillis(100),
                            Duration.ofMillis(250),
                            Duration.ofMillis(500),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(5))
                    .register(meters);
            classes[index] = timer;
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A call was not let in, or failed for a reason that has a code. */
    public void refused(String code) {
        refusals.computeIfAbsent(
                        code,
                        c -> Counter.builder("gatehouse.gateway.problems")
                                .description("Calls answered with a problem of the gateway's own, by code")
                                .tag("code", c)
                                .register(meters))
                .increment();
    }

    /** A call is tried again. */
    public void retried(String pool) {
        retries.computeIfAbsent(
                        pool,
                        p -> Counter.builder("gatehouse.gateway.retries")
                                .description("Calls that were tried again on another connection or target")
                                .tag("pool", p)
                                .register(meters))
                .increment();
    }

    /** Watches a number. */
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(meters);
    }
}
