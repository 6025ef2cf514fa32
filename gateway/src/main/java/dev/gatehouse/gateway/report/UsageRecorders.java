package dev.gatehouse.gateway.report;

import dev.gatehouse.gateway.redis.LoopRedis;

/** Opens the recorder of each event loop. */
@FunctionalInterface
public interface UsageRecorders {
    /**
     * Called on the event loop, once.
     *
     * @param producer the event loop's name as a producer
     * @param redis the loop's own connection
     */
    UsageRecorder open(String producer, LoopRedis redis);
}
