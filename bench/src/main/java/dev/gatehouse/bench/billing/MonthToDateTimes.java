package dev.gatehouse.bench.billing;

import dev.gatehouse.billing.BillingModule;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.identity.SealedCall;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.http.CallerGuard;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.WebServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** {@code GET /v2/account/billing} at the service that the gateway asks, one request after the other. */
final class MonthToDateTimes {
    private static final InternalSecrets SECRETS = new InternalSecrets(new byte[32]);
    private static final long SEED = 20_261_125;

    /** In milliseconds, by the client. */
    record Times(String whose, int asks, double median, double p99, double longest) {}

    private final HttpClient http;
    private final URI uri;
    private final String plan;
    private final InstantSource clock;

    private MonthToDateTimes(HttpClient http, URI uri, String plan, InstantSource clock) {
        this.http = http;
        this.uri = uri;
        this.plan = plan;
        this.clock = clock;
    }

    /** @param tenants the one with the most calls first */
    static List<Times> measure(
            BillingModule billing, List<TenantId> tenants, String plan, int asks, InstantSource clock)
            throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        Router router = new Router();
        billing.mount(router);
        try (WebServer server = WebServer.start(
                        vertx,
                        WebServer.Options.loopback("billing"),
                        router,
                        new CallerGuard(SECRETS, "billing", clock),
                        clock);
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            MonthToDateTimes times =
                    new MonthToDateTimes(http, server.uri().resolve("/v2/account/billing"), plan, clock);
            return List.of(
                    times.of("any tenant", tenants, asks),
                    times.of("the tenant with the most calls", tenants.subList(0, 1), asks));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private Times of(String whose, List<TenantId> tenants, int asks) throws IOException, InterruptedException {
        Random random = new Random(SEED);
        List<Double> millis = new ArrayList<>();
        for (int i = -asks / 2; i < asks; i++) {
            TenantId tenant = tenants.get(random.nextInt(tenants.size()));
            long begun = System.nanoTime();
            ask(tenant);
            if (i >= 0) {
                millis.add((System.nanoTime() - begun) / 1e6);
            }
        }
        double[] sorted = millis.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return new Times(whose, asks, sorted[asks / 2], sorted[Math.min(asks - 1, asks * 99 / 100)], sorted[asks - 1]);
    }

    private void ask(TenantId tenant) throws IOException, InterruptedException {
        CallerIdentity caller = new CallerIdentity(
                tenant,
                "tenant",
                plan,
                new KeyId(PrefixedId.of(KeyId.PREFIX, 1_700_000_000_000L, 0, 1)),
                KeyMode.LIVE,
                Set.of("*"),
                Set.of("*"),
                "req_1",
                clock.instant());
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(uri)
                        .header(
                                IdentitySeal.HEADER,
                                new IdentitySeal(SECRETS, "billing")
                                        .seal(caller, new SealedCall("GET", uri.getRawPath())))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("the month to date is answered " + answer.statusCode() + ": " + answer.body());
        }
    }
}
