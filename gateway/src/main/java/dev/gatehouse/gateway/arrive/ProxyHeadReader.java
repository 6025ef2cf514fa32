package dev.gatehouse.gateway.arrive;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the head of the PROXY protocol off a connection, and hands the connection on only then, with the client's address. A
 * connection whose head is malformed or late is closed; nobody above has heard of it.
 */
final class ProxyHeadReader extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeadReader.class);

    private final Consumer<Channel> next;
    private final Duration patience;
    private @Nullable Runnable over;
    private @Nullable ScheduledFuture<?> late;

    /**
     * @param next makes a connection of the channel
     * @param over is run once, when the head has been read or the connection is gone
     */
    ProxyHeadReader(Consumer<Channel> next, Duration patience, Runnable over) {
        this.next = next;
        this.patience = patience;
        this.over = over;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        late = context.executor()
                .schedule(
                        () -> refuse(context, "it says nothing for " + patience.toSeconds() + " s"),
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        switch (ProxyHead.read(in)) {
            case ProxyHead.Partial partial -> {}
            case ProxyHead.Malformed malformed -> {
                in.skipBytes(in.readableBytes());
                refuse(context, malformed.why());
            }
            case ProxyHead.Own own -> {
                in.skipBytes(own.length());
                handOn(context);
            }
            case ProxyHead.Client client -> {
                context.channel()
                        .attr(ConnectionBase.REMOTE_ADDRESS_OVERRIDE)
                        .set(SocketAddress.inetSocketAddress(client.source()));
                in.skipBytes(client.length());
                handOn(context);
            }
        }
    }

    /** What has come behind the head goes on to what is made of the channel, as this reader leaves. */
    private void handOn(ChannelHandlerContext context) {
        next.accept(context.channel());
        context.pipeline().remove(this);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        // also when the channel was closed: its pipeline is taken down then
        ScheduledFuture<?> running = late;
        if (running != null) {
            running.cancel(false);
        }
        Runnable once = over;
        over = null;
        if (once != null) {
            once.run();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // reset by the other side, as a rule
        context.close();
    }

    private static void refuse(ChannelHandlerContext context, String why) {
        LOG.debug("a connection of {} is closed: {}", context.channel().remoteAddress(), why);
        context.close();
    }
}
