package dev.gatehouse.gateway.arrive;

import dev.gatehouse.gateway.GatewaySettings;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x's own transport, with {@link Arrival} before what it makes of a new connection of a server: it has no other place where
 * a connection can be seen before it is believed.
 */
public final class EdgeTransport implements Transport {
    private final Transport own;
    private final GatewaySettings.Edge edge;
    private final Consumer<ChannelPipeline> http1;

    private final AtomicInteger unread = new AtomicInteger();

    private EdgeTransport(Transport own, GatewaySettings.Edge edge, Consumer<ChannelPipeline> http1) {
        this.own = own;
        this.edge = edge;
        this.http1 = http1;
    }

    /** @param http1 is run where HTTP/1 turns out to be spoken, before anything of it is read */
    public static EdgeTransport of(GatewaySettings settings, Consumer<ChannelPipeline> http1) {
        io.vertx.core.transport.Transport system = io.vertx.core.transport.Transport.nativeTransport();
        io.vertx.core.transport.Transport chosen =
                system != null && system.available() ? system : io.vertx.core.transport.Transport.NIO;
        return new EdgeTransport(chosen.implementation(), settings.edge(), http1);
    }

    /** Event loops whose servers are the gateway's edge. */
    public Vertx vertx(VertxOptions options) {
        return Vertx.builder().with(options).withTransport(new Named(this)).build();
    }

    /** Connections that have not said yet whose they are. */
    public int unread() {
        return unread.get();
    }

    /** What Vert.x is given to choose a transport by. */
    private record Named(EdgeTransport implementation) implements io.vertx.core.transport.Transport {
        @Override
        public String name() {
            return "edge";
        }

        @Override
        public boolean available() {
            return true;
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return null;
        }
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        own.configure(options, domainSocket, bootstrap);
        ChannelHandler next = bootstrap.config().childHandler();
        if (next == null) {
            throw new IllegalStateException("the server has no handler of connections yet");
        }
        bootstrap.childHandler(new Arrival(edge, next, http1, unread));
    }

    @Override
    public boolean supportsDomainSockets() {
        return own.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return own.supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
        return own.isAvailable();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return own.unavailabilityCause();
    }

    @Override
    public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
        return own.convert(address);
    }

    @Override
    public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
        return own.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return own.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        return own.eventLoopGroup(type, threads, factory, ioRatio);
    }

    @Override
    public DatagramChannel datagramChannel() {
        return own.datagramChannel();
    }

    @Override
    @SuppressWarnings("deprecation") // of Netty's type, by which Vert.x asks
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return own.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return own.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return own.serverChannelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        own.configure(channel, options);
    }

    @Override
    public void configure(ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
        own.configure(options, connectTimeout, domainSocket, bootstrap);
    }
}
