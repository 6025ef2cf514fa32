package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.forward.PassedHeaders;
import dev.gatehouse.gateway.forward.RequestHead;
import dev.gatehouse.gateway.forward.Target;
import dev.gatehouse.gateway.standing.Standing;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.identity.CallerSeal;
import dev.gatehouse.kernel.identity.InternalHeaders;
import dev.gatehouse.kernel.identity.SealedCall;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;

/** The head of the request that a call becomes at its service. */
final class ServiceHead {
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(InternalHeaders.REQUEST_ID);
    private static final CharSequence CALLER = HttpHeaders.createOptimized(CallerSeal.HEADER);
    private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("X-Forwarded-For");
    private static final CharSequence FORWARDED_PROTO = HttpHeaders.createOptimized("X-Forwarded-Proto");
    private static final CharSequence FORWARDED_HOST = HttpHeaders.createOptimized("X-Forwarded-Host");
    private static final CharSequence HTTP = HttpHeaders.createOptimized("http");
    private static final CharSequence HTTPS = HttpHeaders.createOptimized("https");

    private ServiceHead() {}

    /** What the client sent, as far as it is passed on, and what the gateway adds. */
    static RequestHead of(Exchange exchange, Standing standing, RouteEntry route, Target target) {
        String uri = uri(exchange, route, target);
        MultiMap headers = HttpHeaders.headers();
        write(headers, exchange, caller(exchange, standing, route, uri));
        return new RequestHead(exchange.call().method, uri, target.authority(), headers);
    }

    private static void write(MultiMap headers, Exchange exchange, String caller) {
        GatewayLoop loop = exchange.loop();
        Call call = exchange.call();
        HttpServerRequest request = exchange.request();
        PassedHeaders.toService(request.headers(), headers);
        loop.spans().handOn(call, headers);
        headers.add(REQUEST_ID, call.requestId);
        headers.add(CALLER, caller);
        headers.add(FORWARDED_FOR, call.address);
        headers.add(FORWARDED_PROTO, loop.settings().tls() == null ? HTTP : HTTPS);
        // of Host, or of :authority over HTTP/2
        HostAndPort host = request.authority();
        if (host != null) {
            headers.add(FORWARDED_HOST, host.toString());
        }
    }

    /** Who calls, for this one call: sealed now, as it may have waited for its turn. */
    private static String caller(Exchange exchange, Standing standing, RouteEntry route, String uri) {
        GatewayLoop loop = exchange.loop();
        Call call = exchange.call();
        SealedCall sealed = new SealedCall(call.method, uri);
        return loop.seals().of(route).seal(standing.subject(), call.requestId, loop.nowMillis() / 1000, sealed);
    }

    /** The request's target as the service sees it: what the route was found by. */
    private static String uri(Exchange exchange, RouteEntry route, Target target) {
        Call call = exchange.call();
        String path = call.path;
        if (route.stripPrefix()) {
            path = path.substring(call.prefixLength);
            if (path.isEmpty() || path.charAt(0) != '/') {
                path = '/' + path;
            }
        }
        String uri = call.query == null ? path : path + '?' + call.query;
        String base = target.basePath();
        return base.isEmpty() ? uri : base + uri;
    }
}
