package dev.gatehouse.gateway.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import java.util.function.Consumer;
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
    private @Nullable ChunkWitness chunks;
    private Consumer<String> bodyFault;

    private StrictDecoder(HttpServerOptions options, Consumer<String> bodyFault) {
        super(options);
        this.bodyFault = bodyFault;
    }

    /**
     * Takes the place of the decoder of a new connection that speaks HTTP/1.
     *
     * @param bodyFault is told what is wrong with a body whose head was fine; nothing more comes on that connection
     */
    static void install(HttpConnection connection, HttpServerOptions options, Consumer<String> bodyFault) {
        if (connection instanceof HttpServerConnection server) {
            ChannelPipeline pipeline = server.channelHandlerContext().pipeline();
            takePlace(pipeline, options);
            if (pipeline.get(PLACE) instanceof StrictDecoder strict) {
                strict.bodyFault = bodyFault;
            }
        }
    }

    /** Takes the place of the decoder of a channel that nobody has made a connection of yet. */
    static void takePlace(ChannelPipeline pipeline, HttpServerOptions options) {
        ChannelHandler there = pipeline.get(PLACE);
        if (there != null && !(there instanceof StrictDecoder)) {
            pipeline.replace(
                    PLACE,
                    PLACE,
                    new StrictDecoder(options, fault -> pipeline.channel().close()));
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
        } else {
            String found = bodyFault(in, start, out, known);
            if (found != null) {
                refused = true;
                List<Object> pieces = out.subList(known, out.size());
                pieces.forEach(ReferenceCountUtil::release);
                pieces.clear();
                in.skipBytes(in.readableBytes());
                bodyFault.accept(found);
                return;
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

    /** What is wrong with the piece of a body that was just decoded; null when nothing is. */
    private @Nullable String bodyFault(ByteBuf in, int start, List<Object> out, int known) {
        long data = 0;
        for (int i = known; i < out.size(); i++) {
            if (out.get(i) instanceof HttpContent content) {
                if (content.decoderResult().isFailure()) {
                    return "a chunk cannot be read";
                }
                data += content.content().readableBytes();
            }
        }
        ChunkWitness witness = chunks;
        return witness == null ? null : witness.fault(in, start, in.readerIndex(), data);
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
            request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(found)));
        }
        refused = request.decoderResult().isFailure();
        chunks = request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING) ? new ChunkWitness() : null;
        // what a client offers to go on with is declined by saying nothing (RFC 9110, 7.8)
        request.headers().remove(HttpHeaderNames.UPGRADE);
        joinConnection(request.headers());
    }

    /** All lines are one list (RFC 9110, 5.3), which whoever asks for the header gets whole. */
    private static void joinConnection(HttpHeaders headers) {
        List<String> lines = headers.getAll(HttpHeaderNames.CONNECTION);
        if (lines.size() > 1) {
            headers.set(HttpHeaderNames.CONNECTION, String.join(", ", lines));
        }
    }
}
