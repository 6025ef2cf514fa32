package dev.gatehouse.gateway.arrive;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.http.impl.Http1xOrH2CHandler;
import java.util.function.Consumer;

/**
 * Where both versions of HTTP are spoken in the clear, the first octets of a connection decide which, and its first request is
 * read before anybody is told of the connection. This stands between the two: when it turns out to be HTTP/1, the decoder
 * is exchanged before it has read anything.
 */
final class FirstRequest extends ChannelInboundHandlerAdapter {
    private final Consumer<ChannelPipeline> exchange;

    private FirstRequest(Consumer<ChannelPipeline> exchange) {
        this.exchange = exchange;
    }

    static void watch(ChannelPipeline pipeline, Consumer<ChannelPipeline> exchange) {
        ChannelHandlerContext detector = pipeline.context(Http1xOrH2CHandler.class);
        if (detector != null) {
            pipeline.addAfter(detector.name(), null, new FirstRequest(exchange));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        exchange.accept(context.pipeline());
        context.fireChannelRead(message);
        context.pipeline().remove((ChannelHandler) this);
    }
}
