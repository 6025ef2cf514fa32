package dev.gatehouse.webhooks.delivery;

import java.time.Duration;

/**
 * How much a worker does at once.
 *
 * @param total attempts in flight
 * @param slow of those, to endpoints that take long to answer
 * @param perEndpoint to one endpoint that answers quickly
 * @param perSlowEndpoint to one that takes long
 * @param slowFrom the mean time to answer from which an endpoint is slow
 */
public record Limits(int total, int slow, int perEndpoint, int perSlowEndpoint, Duration slowFrom) {
    static final int TOTAL = 512;
    static final int PER_ENDPOINT = 64;

    public static Limits usual() {
        return new Limits(TOTAL, 128, PER_ENDPOINT, 8, Duration.ofSeconds(2));
    }
}
