package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.forward.AnswerHead;
import dev.gatehouse.gateway.forward.PassedHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * A service's answer on its way to the client. Its framing is written here, from what the answer's reader found, and copied from
 * no header. Belongs to one event loop.
 */
final class ClientAnswer {
    /** A body so short that it comes together with its head or right behind it. */
    private static final long SHORT_BODY = 16 * 1024;

    private final Exchange exchange;
    private final HttpServerRequest request;
    private final HttpServerResponse response;

    ClientAnswer(Exchange exchange) {
        this.exchange = exchange;
        request = exchange.request();
        response = exchange.response();
    }

    /** The head has come; it is written with the first of the body, or alone when that is not about to come. */
    void begin(AnswerHead head) {
        response.setStatusCode(head.status());
        PassedHeaders.toClient(head.headers(), response.headers());
        exchange.addOwnHeaders();
        if (head.status() == 204) {
            // RFC 9110, section 8.6
            response.headersEndHandler(v -> response.headers().remove(HttpHeaders.CONTENT_LENGTH));
        } else if (head.length() >= 0) {
            response.headers().set(HttpHeaders.CONTENT_LENGTH, Long.toString(head.length()));
        }
        long length = head.bodyLength();
        if (length < 0 && request.version() == HttpVersion.HTTP_1_1) {
            response.setChunked(true);
        } else if (length < 0 && request.version() == HttpVersion.HTTP_1_0) {
            exchange.closeAfterAnswer();
        }
        if ((length < 0 || length > SHORT_BODY) && request.version() != HttpVersion.HTTP_1_0) {
            // sent with the first of the body when that comes in the same pass of the loop, else alone
            exchange.loop().afterThisPass(() -> exchange.guarded(this::sendHead));
        }
    }

    private void sendHead() {
        if (!exchange.isFinished() && !response.headWritten() && !response.closed()) {
            var unused = response.writeHead();
        }
    }

    /** Takes back what {@link #begin} has prepared. */
    void forget() {
        if (request.version() == HttpVersion.HTTP_1_1) {
            response.setChunked(false);
        }
        response.headersEndHandler(null);
        response.headers().clear();
    }

    /** Passes octets of the body on. */
    void piece(ByteBuf octets) {
        var unused = response.write(copied(octets));
    }

    void end(@Nullable ByteBuf last) {
        exchange.sending(last == null || !last.isReadable() ? response.end() : response.end(copied(last)));
    }

    /** The client's side keeps what it is given until it is written. */
    private static Buffer copied(ByteBuf octets) {
        return Buffer.buffer(ByteBufUtil.getBytes(octets));
    }
}
