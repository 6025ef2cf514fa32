package dev.gatehouse.gateway.report;

import dev.gatehouse.gateway.redis.LoopRedis;
import java.util.function.LongConsumer;

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

    /**
     * Whom to tell that usage was put on a stream.
     *
     * @param redisMillis when, on Redis's clock
     */
    default void onShipped(LongConsumer redisMillis) {}
}
