package dev.gatehouse.gateway.forward;

import dev.gatehouse.kernel.route.TargetAddress;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One address of a pool, and how well it does. Shared by all event loops. */
public final class Target {
    private final String host;
    private final int port;
    private final String authority;
    private final boolean tls;
    private final String basePath;
    private final Breaker breaker = new Breaker();
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean healthy = true;

    /** @throws IllegalArgumentException when it is not a base address */
    public Target(String address) {
        TargetAddress parsed = TargetAddress.parse(address);
        tls = parsed.scheme() == TargetAddress.Scheme.HTTPS;
        host = parsed.host();
        port = parsed.port();
        authority = parsed.authority();
        basePath = parsed.path();
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    boolean isTls() {
        return tls;
    }

    /** As it stands in Host, logs and usage events. */
    public String authority() {
        return authority;
    }

    /** What the base address has as a path, put before each request's; mostly empty. */
    public String basePath() {
        return basePath;
    }

    public Breaker breaker() {
        return breaker;
    }

    public AtomicInteger inFlight() {
        return inFlight;
    }

    public boolean isHealthy() {
        return healthy;
    }

    void healthy(boolean well) {
        healthy = well;
    }

    ConnectOptions connectOptions(int timeoutMillis) {
        ConnectOptions options =
                new ConnectOptions().setHost(host).setPort(port).setTimeout(timeoutMillis);
        if (tls) {
            ClientSSLOptions ssl = new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS");
            ssl.setSslHandshakeTimeout(timeoutMillis).setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
            options.setSsl(true).setSslOptions(ssl);
        }
        return options;
    }

    @Override
    public String toString() {
        return authority;
    }
}
