package dev.gatehouse.gateway.forward;

import io.vertx.core.http.HttpConnectOptions;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/** One address of a pool, and how well it does. Shared by all event loops. */
public final class Target {
    private final URI base;
    private final String host;
    private final int port;
    private final String authority;
    private final boolean tls;
    private final Breaker breaker = new Breaker();
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean healthy = true;

    /** @throws IllegalArgumentException when it is not {@code http://host:port} or {@code https://host:port} */
    public Target(String address) {
        base = URI.create(address);
        tls = "https".equals(base.getScheme());
        if ((!tls && !"http".equals(base.getScheme())) || base.getHost() == null) {
            throw new IllegalArgumentException(address + " is not an http or https address");
        }
        host = base.getHost();
        port = base.getPort() > 0 ? base.getPort() : tls ? 443 : 80;
        authority = base.getPort() > 0 ? host + ":" + port : host;
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
        String path = base.getRawPath();
        return path == null || path.equals("/") ? "" : path;
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

    HttpConnectOptions connectOptions(int timeoutMillis) {
        return new HttpConnectOptions().setHost(host).setPort(port).setSsl(tls).setConnectTimeout(timeoutMillis);
    }

    @Override
    public String toString() {
        return authority;
    }
}
