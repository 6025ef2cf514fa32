package dev.gatehouse.gateway.redis;

import io.lettuce.core.event.DefaultEventPublisherOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the connections of all event loops share: a timer and a thread for what Lettuce does besides. */
public final class RedisResources implements AutoCloseable {
    private final HashedWheelTimer timer = new HashedWheelTimer();
    private final EventExecutorGroup executor = new DefaultEventExecutorGroup(2);
    private final List<ClientResources> made = new ArrayList<>();

    /** Resources whose connections live on this loop. */
    public synchronized ClientResources on(EventLoop loop) {
        ClientResources resources = DefaultClientResources.builder()
                .eventLoopGroupProvider(new OneLoop(loop))
                .eventExecutorGroup(executor)
                .timer(timer)
                .reconnectDelay(Delay.constant(Duration.ofMillis(250)))
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .commandLatencyPublisherOptions(DefaultEventPublisherOptions.disabled())
                .build();
        made.add(resources);
        return resources;
    }

    /** What waits for its time. */
    long timeouts() {
        return timer.pendingTimeouts();
    }

    @Override
    public synchronized void close() {
        for (ClientResources resources : made) {
            var unused = resources.shutdown(0, 1, TimeUnit.SECONDS);
        }
        timer.stop();
        var unused = executor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Lends out the one loop, which is not ours to shut down. */
    private record OneLoop(EventLoop loop) implements EventLoopGroupProvider {
        @Override
        @SuppressWarnings("unchecked")
        public <T extends EventLoopGroup> T allocate(Class<T> type) {
            return (T) loop;
        }

        @Override
        public int threadPoolSize() {
            return 1;
        }

        @Override
        public Future<Boolean> release(EventExecutorGroup group, long quietPeriod, long timeout, TimeUnit unit) {
            return done();
        }

        @Override
        public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
            return done();
        }

        private static Future<Boolean> done() {
            DefaultPromise<Boolean> promise = new DefaultPromise<>(GlobalEventExecutor.INSTANCE);
            promise.setSuccess(true);
            return promise;
        }
    }
}
