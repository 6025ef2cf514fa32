package dev.gatehouse.gateway.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/** What is done to a client's connection below HTTP. */
final class Channels {
    private Channels() {}

    /**
     * From here on the connection is closed by how long it has brought no request, and not by how long nothing was sent either way:
     * a call may take longer than that.
     */
    static void silenceIsNoEnd(HttpConnection connection) {
        if (connection instanceof HttpServerConnection server) {
            ChannelPipeline pipeline = server.channelHandlerContext().pipeline();
            // an upgrade that is under way still sorts its handlers out
            if (pipeline.get("h2c") == null && pipeline.get(IdleStateHandler.class) != null) {
                pipeline.remove(IdleStateHandler.class);
            }
        }
    }

    /** Tells the client that nothing more comes, while what it sends is still read; false where that cannot be told apart. */
    static boolean endOutput(HttpConnection connection) {
        if (connection instanceof HttpServerConnection server) {
            Channel channel = server.channelHandlerContext().channel();
            if (channel instanceof DuplexChannel duplex && channel.pipeline().get(SslHandler.class) == null) {
                duplex.shutdownOutput();
                return true;
            }
        }
        return false;
    }
}
