package dev.gatehouse.bench.webhooks;

import dev.gatehouse.bench.webhooks.store.Producer;
import dev.gatehouse.engines.EmbeddedQueue;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.concurrent.CountDownLatch;

/**
 * One part of an installation in a process of its own, made to be killed: {@code queue PORT}, {@code events PORT DATABASE
 * QUEUE}, {@code relay DATABASE EVENTS} or {@code worker PORT DATABASE QUEUE EVENTS}. Says READY once it works.
 */
public final class CrashProcess {
    private CrashProcess() {}

    public static void main(String[] args) throws Exception {
        System.setProperty("logback.configurationFile", "dev/gatehouse/bench/measured-logback.xml");
        try {
            AutoCloseable part = start(args);
            System.out.println("READY " + part.getClass().getSimpleName());
            new CountDownLatch(1).await();
        } catch (Exception | Error e) {
            // what it needs may be away; threads that were begun must not keep half a process alive
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static AutoCloseable start(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx();
        return switch (args[0]) {
            case "queue" -> EmbeddedQueue.start(Integer.parseInt(args[1]));
            case "events" -> {
                Queues queues = Pieces.queues(args[3]);
                yield Pieces.events(DatabaseUrl.parse(args[2]), queues, vertx, Integer.parseInt(args[1]));
            }
            case "relay" ->
                Pieces.relay(Producer.open(DatabaseUrl.parse(args[1])), Pieces.feed(URI.create(args[2]), vertx));
            case "worker" -> {
                Queues queues = Pieces.queues(args[3]);
                yield Pieces.webhooks(
                        DatabaseUrl.parse(args[2]),
                        queues,
                        vertx,
                        Pieces.feed(URI.create(args[4]), vertx),
                        Integer.parseInt(args[1]));
            }
            default -> throw new IllegalArgumentException("no part " + args[0]);
        };
    }
}
