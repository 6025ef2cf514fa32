package dev.gatehouse.bench.fuzz;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.kernel.identity.InternalSecrets;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A gateway before a hostile service. Each call has a marker that its answer bears; a marker in another call's answer is a
 * leak. For each mutated answer there are two calls that are answered as they should be, each in a tenant of its own, on the same
 * connections to the service.
 */
public final class UpstreamFuzz {
    /** Three attempts, a wait for a turn, and a machine that is busy. */
    private static final long LIMIT_NANOS =
            3 * (500 + FuzzDirectory.RESPONSE_MILLIS) * 1_000_000L + 1_000_000_000L + 5_000_000_000L;

    private static final long QUIET_NANOS = 40_000_000_000L;
    private static final int MOST_SHOWN = 20;

    private final long seed;
    private final long answers;
    private final int clients;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong slowest = new AtomicLong();
    private final Map<String, Long> outcomes = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    private UpstreamFuzz(long seed, long answers, int clients) {
        this.seed = seed;
        this.answers = answers;
        this.clients = clients;
    }

    /**
     * What came of it.
     *
     * @param faults each a sentence; empty when the gateway stood it
     * @param outcomes of the calls, by kind
     * @param kept connections that carried a call after a mutated answer
     * @param doubted connections that the gateway closed as what came on them was in doubt
     */
    public record Result(
            long seed,
            long mutated,
            long calls,
            long kept,
            long doubted,
            Duration took,
            Duration slowest,
            Map<String, Long> outcomes,
            List<String> faults) {}

    /**
     * Runs it.
     *
     * @param answers how many mutated ones
     * @param clients as many tenants, each with a connection of its own; every eighth speaks HTTP/2
     */
    public static Result run(String redis, Path folder, long seed, long answers, int clients)
            throws IOException, InterruptedException {
        return new UpstreamFuzz(seed, answers, clients).run(redis, folder);
    }

    private Result run(String redis, Path folder) throws IOException, InterruptedException {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (HostileService service = new HostileService(seed);
                FuzzDirectory directory = new FuzzDirectory(clients, service.url());
                GatewayModule gateway =
                        GatewayModule.start(settings(redis, directory, folder), meters, InstantSource.system())) {
            long began = System.nanoTime();
            Vertx vertx = Vertx.vertx();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int number = i;
                String key = directory.keys().get(i);
                threads.add(Thread.ofVirtual().start(() -> {
                    try (Caller caller = number % 8 == 7
                            ? new Http2Caller(vertx, gateway.port(), key)
                            : new Http1Caller(gateway.port(), key)) {
                        callUntilEnough(caller, new SplittableRandom(seed * 31 + number), service);
                    } catch (IOException e) {
                        fault("a client failed: " + e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            vertx.close().toCompletionStage().toCompletableFuture().join();
            long doubted = (long) gauge(meters, "gatehouse.gateway.upstream.doubted");
            awaitQuiet(service, meters);
            return new Result(
                    seed,
                    service.mutated(),
                    calls.get(),
                    service.keptAfter(),
                    doubted,
                    took,
                    Duration.ofNanos(slowest.get()),
                    outcomes,
                    faults);
        }
    }

    private static GatewaySettings settings(String redis, FuzzDirectory directory, Path folder) {
        GatewaySettings.Edge standard = GatewaySettings.Edge.standard();
        return new GatewaySettings(
                "fuzz-upstream",
                "127.0.0.1",
                0,
                1,
                redis,
                directory.url(),
                new InternalSecrets(new byte[32]),
                folder,
                new GatewaySettings.Edge(
                        standard.trustedProxies(),
                        standard.addressHeader(),
                        standard.proxyProtocol(),
                        GatewaySettings.ClearText.HTTP_1_AND_2,
                        standard.maxHeadBytes(),
                        standard.maxTargetBytes(),
                        standard.maxBodyBytes(),
                        standard.idle(),
                        standard.caps()),
                null,
                Duration.ofSeconds(3));
    }

    private static double gauge(SimpleMeterRegistry meters, String name) {
        Gauge found = meters.find(name).gauge();
        return found == null ? Double.NaN : found.value();
    }

    /** Everything that was held for a call is let go in time, and what is idle too. */
    private void awaitQuiet(HostileService service, SimpleMeterRegistry meters) throws InterruptedException {
        long end = System.nanoTime() + QUIET_NANOS;
        String held;
        do {
            double inFlight = gauge(meters, "gatehouse.gateway.upstream.in.flight");
            double connections = gauge(meters, "gatehouse.gateway.upstream.connections");
            double waiting = gauge(meters, "gatehouse.gateway.pool.waiting");
            held = inFlight == 0 && connections == 0 && waiting == 0 && service.open() == 0
                    ? ""
                    : "calls in flight " + inFlight + ", connections " + connections + " (the service has "
                            + service.open() + "), waiting " + waiting;
            if (held.isEmpty()) {
                return;
            }
            Thread.sleep(100);
        } while (System.nanoTime() < end);
        fault("is still held: " + held);
    }

    /** One way to call. */
    private interface Caller extends AutoCloseable {
        RawClient.Answer call(String method, String path, String body) throws IOException;

        /** Whether octets came behind the answer. */
        boolean hasMore() throws IOException;

        @Override
        void close() throws IOException;
    }

    private static final class Http1Caller implements Caller {
        private final RawClient client;
        private final String key;
        private int sent;

        Http1Caller(int port, String key) {
            client = new RawClient(port);
            this.key = key;
        }

        @Override
        public RawClient.Answer call(String method, String path, String body) throws IOException {
            String version = ++sent % 9 == 0 ? "HTTP/1.0" : "HTTP/1.1";
            return client.call(method + " " + path + " " + version + "\r\nHost: fuzz\r\nX-API-Key: " + key + "\r\n"
                    + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n" + body);
        }

        @Override
        public boolean hasMore() throws IOException {
            return client.hasMore();
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    private static final class Http2Caller implements Caller {
        private final HttpClient client;
        private final int port;
        private final String key;

        Http2Caller(Vertx vertx, int port, String key) {
            client = vertx.createHttpClient(new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false));
            this.port = port;
            this.key = key;
        }

        @Override
        public RawClient.Answer call(String method, String path, String body) {
            int[] status = new int[1];
            StringBuilder text = new StringBuilder();
            boolean whole = client.request(HttpMethod.valueOf(method), port, "127.0.0.1", path)
                    .compose(request -> request.putHeader("X-API-Key", key).send(body))
                    .compose(answer -> {
                        status[0] = answer.statusCode();
                        answer.headers()
                                .forEach((name, value) -> text.append(name)
                                        .append(": ")
                                        .append(value)
                                        .append("\r\n"));
                        answer.handler(octets -> text.append(octets.toString("ISO-8859-1")));
                        return answer.end();
                    })
                    .map(v -> true)
                    .otherwise(false)
                    .timeout(20, TimeUnit.SECONDS)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            return new RawClient.Answer(status[0], text.toString(), whole);
        }

        @Override
        public boolean hasMore() {
            return false;
        }

        @Override
        public void close() {
            var unused = client.close();
        }
    }

    private void callUntilEnough(Caller caller, SplittableRandom chance, HostileService service) throws IOException {
        while (service.mutated() < answers && isSound()) {
            boolean hostile = chance.nextInt(3) == 0;
            String method = chance.nextInt(12) == 0 ? "HEAD" : chance.nextInt(6) == 0 ? "POST" : "GET";
            long call = calls.incrementAndGet();
            long began = System.nanoTime();
            RawClient.Answer answer;
            try {
                answer = caller.call(
                        method,
                        "/v2/fuzz/" + (hostile ? "hostile/" : "plain/") + call,
                        method.equals("POST") ? "b".repeat(chance.nextInt(1, 5_000)) : "");
            } catch (IOException | RuntimeException e) {
                fault("call " + call + " has no readable answer: " + e);
                return;
            }
            long took = System.nanoTime() - began;
            slowest.accumulateAndGet(took, Math::max);
            if (took > LIMIT_NANOS) {
                fault("call " + call + " took " + took / 1_000_000 + " ms");
            }
            for (long other : Marker.in(answer.text())) {
                if (other != call) {
                    fault("call " + call + " was answered with octets of call " + other);
                }
            }
            if (caller.hasMore()) {
                fault("octets came behind the answer to call " + call);
            }
            if (!hostile) {
                judgePlain(call, method, answer);
            }
            count((hostile ? "mutated: " : "plain: ") + kind(answer));
        }
    }

    /** A call whose service answers as it should gets that answer, or a problem of the gateway's own. */
    private void judgePlain(long call, String method, RawClient.Answer answer) {
        boolean right = answer.status() == 200
                && answer.whole()
                && Marker.in(answer.text()).size() == (method.equals("HEAD") ? 1 : 2);
        boolean ours = answer.status() >= 502 && answer.status() <= 504;
        if (!right && !ours) {
            fault("call " + call + " (" + method + ") was answered wrongly: " + answer);
        }
    }

    private static String kind(RawClient.Answer answer) {
        return answer.status() + (answer.whole() ? "" : ", broken off");
    }

    private synchronized boolean isSound() {
        return faults.size() < MOST_SHOWN;
    }

    private synchronized void fault(String what) {
        if (isSound()) {
            faults.add(what);
        }
    }

    private synchronized void count(String what) {
        outcomes.merge(what, 1L, Long::sum);
    }
}
