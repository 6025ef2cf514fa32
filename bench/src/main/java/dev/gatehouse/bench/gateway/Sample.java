package dev.gatehouse.bench.gateway;

/**
 * One round of one contender.
 *
 * @param cpuMicros CPU time of the contender's processes per request
 * @param unexpected answers other than 2xx and 3xx, and errors of connections
 */
record Sample(
        String contender,
        int connections,
        long requests,
        double perSecond,
        double p50Millis,
        double p99Millis,
        double cpuMicros,
        double residentMib,
        long unexpected) {}
