package dev.gatehouse.gateway.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * Ends streams of HTTP/2 whose head is malformed (RFC 9113, 8.1.1) before anybody makes a request of them.
 *
 * @see HeadFields
 */
final class StrictFrames extends Http2FrameListenerDecorator {
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey begun;

    private StrictFrames(Http2FrameListener next, Http2Connection connection) {
        super(next);
        this.connection = connection;
        begun = connection.newKey();
    }

    /** Looks at a new connection's frames, if it speaks HTTP/2. */
    static void install(HttpConnection connection) {
        if (!(connection instanceof HttpServerConnection server)) {
            return;
        }
        Http2ConnectionHandler handler =
                server.channelHandlerContext().pipeline().get(Http2ConnectionHandler.class);
        if (handler != null) {
            Http2FrameListener next = handler.decoder().frameListener();
            if (!(next instanceof StrictFrames)) {
                handler.decoder().frameListener(new StrictFrames(next, handler.connection()));
            }
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        judge(stream, headers);
        super.onHeadersRead(context, stream, headers, padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int stream,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        judge(stream, headers);
        super.onHeadersRead(context, stream, headers, dependency, weight, exclusive, padding, endOfStream);
    }

    private void judge(int id, Http2Headers headers) throws Http2Exception {
        Http2Stream stream = connection.stream(id);
        boolean trailers = stream != null && stream.getProperty(begun) != null;
        String fault = trailers ? HeadFields.trailerFault(headers) : HeadFields.fault(headers);
        if (fault != null) {
            throw Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, fault);
        }
        if (stream != null) {
            stream.setProperty(begun, Boolean.TRUE);
        }
    }
}
