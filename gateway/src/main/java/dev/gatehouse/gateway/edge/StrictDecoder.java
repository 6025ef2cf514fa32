package dev.gatehouse.gateway.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what Netty's decoder repairs silently and another server on the way may have read otherwise: a length beside a
 * transfer coding, folded header lines, null bytes, versions that are neither 1.0 nor 1.1. Whoever sends that wants something else
 * than an answer.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-11.2">RFC 9112, section 11.2, request smuggling</a>
 */
final class StrictDecoder extends VertxHttpRequestDecoder {
    private static final String PLACE = "httpDecoder";

    private boolean inHead = true;
    private boolean lineEnded;
    private boolean refused;
    private @Nullable String fault;

    private StrictDecoder(HttpServerOptions options) {
        super(options);
    }

    /** Takes the place of the decoder of a new connection that speaks HTTP/1. */
    static void install(HttpConnection connection, HttpServerOptions options) {
        if (connection instanceof HttpServerConnection server) {
            ChannelPipeline pipeline = server.channelHandlerContext().pipeline();
            if (pipeline.get(PLACE) != null) {
                pipeline.replace(PLACE, PLACE, new StrictDecoder(options));
            }
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (refused) {
            // whatever follows is nobody's request; the connection is closed after the answer
            in.skipBytes(in.readableBytes());
            return;
        }
        int start = in.readerIndex();
        boolean head = inHead;
        int known = out.size();
        super.decode(context, in, out);
        if (head) {
            // a head ends a step of the decoder, so that all it has consumed is of the head
            lookForFold(in, start, in.readerIndex());
            if (in.indexOf(start, in.readerIndex(), (byte) 0) >= 0) {
                fault = "there is a null byte";
            }
        }
        for (int i = known; i < out.size(); i++) {
            Object message = out.get(i);
            if (message instanceof HttpRequest request) {
                judge(request);
                inHead = false;
            }
            if (message instanceof LastHttpContent) {
                inHead = true;
                lineEnded = false;
            }
        }
    }

    private void lookForFold(ByteBuf in, int start, int end) {
        int at = start;
        if (lineEnded && at < end) {
            checkFold(in.getByte(at));
        }
        while (at < end) {
            int feed = in.indexOf(at, end, (byte) '\n');
            if (feed < 0) {
                break;
            }
            at = feed + 1;
            if (at < end) {
                checkFold(in.getByte(at));
            }
        }
        if (end > start) {
            lineEnded = in.getByte(end - 1) == '\n';
        }
    }

    private void checkFold(byte first) {
        if (first == ' ' || first == '\t') {
            fault = "a header line is folded";
        }
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        fault = "Content-Length stands beside Transfer-Encoding";
    }

    private static boolean isCodingPlain(@Nullable String coding) {
        return coding == null || coding.equalsIgnoreCase("chunked");
    }

    /** The decoder gives these two objects for what is written as they are; {@code http/1.1} equals one and is none. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isVersionPlain(HttpVersion version) {
        return version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0;
    }

    private void judge(HttpRequest request) {
        String found = fault;
        fault = null;
        lineEnded = false;
        if (!isVersionPlain(request.protocolVersion())) {
            found = "the version is neither HTTP/1.0 nor HTTP/1.1";
            // the answer is in one that can be read
            request.setProtocolVersion(HttpVersion.HTTP_1_1);
        }
        if (found == null && !isCodingPlain(request.headers().get(HttpHeaderNames.TRANSFER_ENCODING))) {
            found = "the transfer coding is another than \"chunked\"";
        }
        if (found != null && request.decoderResult().isSuccess()) {
            refused = true;
            request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(found)));
        }
    }
}
