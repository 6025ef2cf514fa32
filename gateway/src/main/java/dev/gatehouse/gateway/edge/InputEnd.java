package dev.gatehouse.gateway.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.Http1xServerConnection;

/**
 * Notices that an HTTP/1 client sends no more. One that has shut its side of the connection after a whole request still reads,
 * and gets its answer; one that stops in the middle of a request has left. TLS has its own end, and HTTP/2 ends streams.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, section 9.6, tear-down</a>
 */
final class InputEnd extends ChannelInboundHandlerAdapter {
    private static final String DECODER = "httpDecoder";
    private static final String VERTX = "handler";

    private final Runnable betweenRequests;
    private Reading reading = Reading.NOTHING;

    private enum Reading {
        /** No request, or all of the last one. */
        NOTHING,
        /** A part of one. */
        REQUEST
    }

    private InputEnd(Runnable betweenRequests) {
        this.betweenRequests = betweenRequests;
    }

    /** @param betweenRequests what to do when it sends no more, and all that it had sent are whole requests */
    static void watch(HttpConnection connection, Runnable betweenRequests) {
        if (connection instanceof Http1xServerConnection server) {
            ChannelPipeline pipeline = server.channelHandlerContext().pipeline();
            if (pipeline.get(DECODER) != null && pipeline.get(SslHandler.class) == null) {
                pipeline.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
                pipeline.addBefore(VERTX, "inputEnd", new InputEnd(betweenRequests));
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof LastHttpContent) {
            reading = Reading.NOTHING;
        } else if (message instanceof HttpRequest) {
            reading = Reading.REQUEST;
        }
        context.fireChannelRead(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            if (reading == Reading.REQUEST || context.pipeline().get(DECODER) == null) {
                context.close();
            } else {
                betweenRequests.run();
            }
        }
        context.fireUserEventTriggered(event);
    }
}
