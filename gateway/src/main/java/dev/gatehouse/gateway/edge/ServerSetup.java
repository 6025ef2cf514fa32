package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.runtime.json.Json;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The server of one event loop: versions, TLS, and what a client may send before anybody looks at it. */
final class ServerSetup {
    static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

    /** Forward secrecy and authenticated encryption only; the order is TLS 1.3, then 1.2 with its two kinds of keys. */
    static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final int RESETS = 200;
    private static final int RESET_WINDOW_SECONDS = 30;

    private ServerSetup() {}

    static HttpServer create(
            Vertx vertx,
            GatewaySettings settings,
            Handler<HttpServerRequest> requests,
            Handler<HttpConnection> connections,
            BiConsumer<HttpConnection, String> bodyFaults) {
        HttpServerOptions options = options(settings);
        return vertx.createHttpServer(options)
                .connectionHandler(connection -> {
                    StrictDecoder.install(connection, options, fault -> bodyFaults.accept(connection, fault));
                    StrictFrames.install(connection);
                    connections.handle(connection);
                })
                .requestHandler(requests)
                .invalidRequestHandler(ServerSetup::refuse);
    }

    static HttpServerOptions options(GatewaySettings settings) {
        GatewaySettings.Edge edge = settings.edge();
        HttpServerOptions options = new HttpServerOptions()
                .setMaxHeaderSize(edge.maxHeadBytes())
                .setMaxInitialLineLength(edge.maxTargetBytes())
                .setIdleTimeout((int) edge.idle().toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setHandle100ContinueAutomatically(true)
                .setHttp2ClearTextEnabled(edge.clearText() == GatewaySettings.ClearText.HTTP_1_AND_2)
                .setInitialSettings(
                        new Http2Settings().setMaxConcurrentStreams(100).setMaxHeaderListSize(edge.maxHeadBytes()))
                .setHttp2RstFloodMaxRstFramePerWindow(RESETS)
                .setHttp2RstFloodWindowDuration(RESET_WINDOW_SECONDS)
                .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setTcpNoDelay(true)
                .setAcceptBacklog(1_024);
        GatewaySettings.Tls tls = settings.tls();
        if (tls != null) {
            options.setSsl(true)
                    .setUseAlpn(true)
                    .setEnabledSecureTransportProtocols(PROTOCOLS)
                    .setKeyCertOptions(Certificate.of(tls));
            SUITES.forEach(options::addEnabledCipherSuite);
        }
        return options;
    }

    /** What cannot be read as a request is answered, and its connection closed. */
    private static void refuse(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        Problem problem = problemOf(cause);
        var unused = request.response()
                .setStatusCode(problem.status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .putHeader("Connection", "close")
                .end(Buffer.buffer(Json.bytes(problem)))
                .onComplete(v -> request.connection().close());
    }

    private static Problem problemOf(@Nullable Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Problem.of(ProblemCode.URI_TOO_LONG, "The address is too long. Send long filters in a body.");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Problem.of(
                    ProblemCode.HEAD_TOO_LARGE, "The headers are too large together. Send fewer or shorter ones.");
        }
        return Problem.of(ProblemCode.MALFORMED_REQUEST, "What was sent cannot be read as an HTTP request.");
    }
}
