package dev.gatehouse.gateway.forward;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each target of a pool that has a health path every 2 s whether it is well. One that answers other than 2xx, or not
 * within 1 s, gets no calls until it is well again.
 */
public final class HealthChecks {
    private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);
    private static final long EVERY_MILLIS = 2_000;
    private static final long TIMEOUT_MILLIS = 1_000;

    private final HttpClient http;
    private final Vertx vertx;
    private final long timer;
    private volatile List<Pool> pools = List.of();

    public HealthChecks(Vertx vertx) {
        this.vertx = vertx;
        http = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout((int) TIMEOUT_MILLIS));
        timer = vertx.setPeriodic(EVERY_MILLIS, id -> checkAll());
    }

    /** From the next round on, these are asked. */
    public void watch(List<Pool> watched) {
        pools = List.copyOf(watched);
    }

    public void close() {
        vertx.cancelTimer(timer);
        var unused = http.close();
    }

    private void checkAll() {
        for (Pool pool : pools) {
            String path = pool.entry().healthPath();
            if (path != null) {
                pool.targets().forEach(target -> check(pool, target, path));
            }
        }
    }

    private void check(Pool pool, Target target, String path) {
        http.request(new RequestOptions()
                        .setHost(target.host())
                        .setPort(target.port())
                        .setSsl(target.isTls())
                        .setMethod(HttpMethod.GET)
                        .setURI(path)
                        .setTimeout(TIMEOUT_MILLIS))
                .compose(request -> request.send())
                .compose(answer -> answer.end().map(v -> isWell(answer)))
                .timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .otherwise(false)
                .onSuccess(well -> note(pool, target, well));
    }

    private static boolean isWell(HttpClientResponse answer) {
        return answer.statusCode() / 100 == 2;
    }

    private static void note(Pool pool, Target target, boolean well) {
        if (well != target.isHealthy()) {
            target.healthy(well);
            LOG.warn("{} of pool {} is {}", target, pool.name(), well ? "well again" : "not well");
        }
    }
}
