package dev.gatehouse.engines;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.elasticmq.NodeAddress;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.Await;
import scala.concurrent.duration.FiniteDuration;

/**
 * ElasticMQ: a server in this JVM that speaks Amazon SQS, on a free port of the loopback interface. It keeps its queues
 * in memory and forgets them when it stops, so whoever uses it must be able to fill them again.
 */
public final class EmbeddedQueue implements EmbeddedServer {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedQueue.class);
    private static final FiniteDuration PATIENCE = FiniteDuration.apply(20, TimeUnit.SECONDS);

    private static final int CONNECT_MILLIS = 1_000;
    private static final long LOOK_MILLIS = 1_000;
    private static final int MISSES = 3;

    private final SQSRestServer server;
    private final int port;

    private EmbeddedQueue(SQSRestServer server, int port) {
        this.server = server;
        this.port = port;
    }

    public static EmbeddedQueue start() {
        // queue addresses are given out with the port in them, so it must be known beforehand
        return start(FreePort.lasting());
    }

    /** On a port of the caller's choice, as after a crash, so that its users find it again. */
    public static EmbeddedQueue start(int port) {
        SQSRestServer server = SQSRestServerBuilder.withInterface("127.0.0.1")
                .withPort(port)
                .withServerAddress(new NodeAddress("http", "127.0.0.1", port, ""))
                .start();
        server.waitUntilStarted();
        return new EmbeddedQueue(server, port);
    }

    @Override
    public String name() {
        return "The queue";
    }

    /** Whether something still takes connections there: a server in this JVM has no process whose end could be seen. */
    @Override
    public boolean isAlive() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String awaitEnd() throws InterruptedException {
        for (int misses = 0; misses < MISSES; misses = isAlive() ? 0 : misses + 1) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return "no longer takes connections";
    }

    @Override
    public EmbeddedQueue again() {
        abandon();
        if (!FreePort.isFree(port)) {
            throw new EngineException("its port " + port + " is still held.");
        }
        return start(port);
    }

    /** The endpoint to give to an SQS client, with any region and any credentials. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Stops, and returns when its port is free, or after {@link #PATIENCE} when a client does not let go. */
    @Override
    public void close() {
        try {
            var unused = Await.ready(server.stopAndGetFuture().apply(), PATIENCE);
        } catch (TimeoutException e) {
            LOG.warn("the embedded queue on port {} has not let go of it within {}", port, PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Begins to stop and returns at once, for a process that ends: what the queue holds is forgotten anyway. */
    public void abandon() {
        var unused = server.stopAndGetFuture().apply();
    }
}
