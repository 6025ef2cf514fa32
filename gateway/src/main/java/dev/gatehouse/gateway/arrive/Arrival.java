package dev.gatehouse.gateway.arrive;

import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.standing.AddressRanges;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The first that sees a new connection. Where a load balancer has to say whose it is ({@link GatewaySettings.ProxyProtocol}),
 * only configured ones may; all others are closed unread, and the rest is told the client's address before it is told of the
 * connection. A connection that has not said it yet is counted here, and uncounted once, however it ends.
 */
@ChannelHandler.Sharable
final class Arrival extends ChannelInitializer<Channel> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final GatewaySettings.Edge edge;
    private final AddressRanges balancers;
    private final ChannelHandler next;
    private final Consumer<ChannelPipeline> http1;
    private final AtomicInteger unread;

    /**
     * @param next what makes a connection of a channel
     * @param http1 is run where HTTP/1 turns out to be spoken, before anything of it is read
     * @param unread counts the connections that have not said yet whose they are
     */
    Arrival(GatewaySettings.Edge edge, ChannelHandler next, Consumer<ChannelPipeline> http1, AtomicInteger unread) {
        this.unread = unread;
        this.edge = edge;
        this.next = next;
        this.http1 = http1;
        balancers = AddressRanges.parse(edge.trustedProxies());
    }

    @Override
    protected void initChannel(Channel channel) {
        if (edge.proxyProtocol() == GatewaySettings.ProxyProtocol.NONE) {
            connect(channel);
            return;
        }
        String peer = address(channel);
        if (peer == null || !balancers.contains(peer)) {
            channel.close();
            return;
        }
        if (unread.incrementAndGet() > edge.caps().maxConnectionsInAll()) {
            unread.decrementAndGet();
            channel.close();
            return;
        }
        channel.pipeline().addLast(new ProxyHeadReader(this::connect, PATIENCE, unread::decrementAndGet));
    }

    private void connect(Channel channel) {
        channel.pipeline().addLast(next);
        FirstRequest.watch(channel.pipeline(), http1);
    }

    private static @Nullable String address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress peer && peer.getAddress() != null
                ? peer.getAddress().getHostAddress()
                : null;
    }
}
