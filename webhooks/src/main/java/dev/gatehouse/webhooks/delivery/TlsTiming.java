package dev.gatehouse.webhooks.delivery;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.tls.SslContextFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Notes when a connection's TCP handshake was over and its TLS handshake began: the HTTP client says only when both are
 * done. A connection is known by its two ends, for as long as it is open.
 */
final class TlsTiming {
    private record Ends(String localHost, int localPort, String remoteHost, int remotePort) {}

    private final Map<Ends, Long> begun = new ConcurrentHashMap<>();

    /** For the client's options: the platform's own TLS, and this watch over it. */
    JdkSSLEngineOptions options() {
        return new Options();
    }

    /** When, by {@link System#nanoTime}, a connection began its TLS handshake; empty for one without TLS. */
    OptionalLong begun(SocketAddress local, SocketAddress remote) {
        Long at = begun.get(new Ends(local.hostAddress(), local.port(), remote.hostAddress(), remote.port()));
        return at == null ? OptionalLong.empty() : OptionalLong.of(at);
    }

    private static Ends ends(InetSocketAddress local, InetSocketAddress remote) {
        return new Ends(
                local.getAddress().getHostAddress(),
                local.getPort(),
                remote.getAddress().getHostAddress(),
                remote.getPort());
    }

    private final class Options extends JdkSSLEngineOptions {
        @Override
        public JdkSSLEngineOptions copy() {
            return new Options();
        }

        @Override
        public SslContextFactory sslContextFactory() {
            return new Watched(super.sslContextFactory());
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Each setter goes to the platform's factory, which {@code create} then wraps. */
    private final class Watched implements SslContextFactory {
        private final SslContextFactory platform;

        Watched(SslContextFactory platform) {
            this.platform = platform;
        }

        @Override
        public SslContextFactory useAlpn(boolean use) {
            return through(platform.useAlpn(use));
        }

        @Override
        public SslContextFactory clientAuth(ClientAuth auth) {
            return through(platform.clientAuth(auth));
        }

        @Override
        public SslContextFactory forClient(boolean client) {
            return through(platform.forClient(client));
        }

        @Override
        public SslContextFactory keyMananagerFactory(KeyManagerFactory keys) {
            return through(platform.keyMananagerFactory(keys));
        }

        @Override
        public SslContextFactory trustManagerFactory(TrustManagerFactory trust) {
            return through(platform.trustManagerFactory(trust));
        }

        @Override
        public SslContextFactory enabledCipherSuites(Set<String> suites) {
            return through(platform.enabledCipherSuites(suites));
        }

        @Override
        public SslContextFactory applicationProtocols(List<String> protocols) {
            return through(platform.applicationProtocols(protocols));
        }

        @Override
        public SslContextFactory serverName(String name) {
            return through(platform.serverName(name));
        }

        private SslContextFactory through(SslContextFactory next) {
            return next == platform ? this : new Watched(next);
        }

        @Override
        public SslContext create() throws SSLException {
            return new Context(platform.create());
        }
    }

    private final class Context extends SslContext {
        private final SslContext platform;

        Context(SslContext platform) {
            this.platform = platform;
        }

        @Override
        protected SslHandler newHandler(ByteBufAllocator buffers, boolean startTls, Executor executor) {
            return new Handler(platform.newEngine(buffers), startTls, executor);
        }

        @Override
        protected SslHandler newHandler(
                ByteBufAllocator buffers, String host, int port, boolean startTls, Executor executor) {
            return new Handler(platform.newEngine(buffers, host, port), startTls, executor);
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator buffers) {
            return platform.newEngine(buffers);
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator buffers, String host, int port) {
            return platform.newEngine(buffers, host, port);
        }

        @Override
        public boolean isClient() {
            return platform.isClient();
        }

        @Override
        public List<String> cipherSuites() {
            return platform.cipherSuites();
        }

        @Override
        public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
            return platform.applicationProtocolNegotiator();
        }

        @Override
        public SSLSessionContext sessionContext() {
            return platform.sessionContext();
        }
    }

    private final class Handler extends SslHandler {
        Handler(SSLEngine engine, boolean startTls, Executor executor) {
            super(engine, startTls, executor);
        }

        @Override
        public void channelActive(ChannelHandlerContext context) throws Exception {
            if (context.channel().localAddress() instanceof InetSocketAddress local
                    && context.channel().remoteAddress() instanceof InetSocketAddress remote) {
                Ends ends = ends(local, remote);
                begun.put(ends, System.nanoTime());
                context.channel().closeFuture().addListener(closed -> begun.remove(ends));
            }
            super.channelActive(context);
        }
    }
}
