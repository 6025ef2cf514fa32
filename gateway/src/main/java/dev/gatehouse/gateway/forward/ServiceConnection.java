package dev.gatehouse.gateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a service, which carries one call at a time. It alone writes the framing of what it sends and reads that of
 * what comes back; it is given back to its pool only when both were complete and nothing was unusual, and is closed at once
 * otherwise. An octet that comes while nothing was asked closes it. Belongs to one event loop.
 */
public final class ServiceConnection extends ChannelInboundHandlerAdapter implements AnswerReader.Sink {
    private static final ByteBuf LAST_CHUNK = Unpooled.unreleasableBuffer(
                    Unpooled.directBuffer().writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
            .asReadOnly();
    private static final ByteBuf LINE_END = Unpooled.unreleasableBuffer(
                    Unpooled.directBuffer().writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII)))
            .asReadOnly();

    private final Target target;
    private final Connections pool;
    private final AnswerReader reader = new AnswerReader(this);
    /** For the look at what has come unasked; one octet is enough to know. */
    private final ByteBuffer peeked = ByteBuffer.allocateDirect(1);

    private @Nullable ChannelHandlerContext context;
    private @Nullable Asker asker;
    private State state = State.IDLE;
    private Sending sending = Sending.NOTHING;
    private Farewell farewell = Farewell.NONE;
    private long unsent;
    private int asked;

    private enum State {
        /** Nobody's. */
        IDLE,
        /** A call's, which awaits its answer or the rest of it. */
        ASKED,
        /** A call's whose answer is complete, until all that has come with it is read. */
        ANSWERED,
        /** Closed, or about to be; never used again. */
        SPENT
    }

    /** How far the request has gone. */
    private enum Sending {
        NOTHING,
        LENGTH,
        CHUNKS,
        SENT
    }

    /** Whether a TLS peer has said that it ends there (RFC 8446, section 6.1). */
    private enum Farewell {
        NONE,
        SAID
    }

    /** The call that a connection serves; called on its event loop. What it throws ends it, and the connection. */
    public interface Asker {
        /** The head of the answer. */
        void head(AnswerHead head);

        /** Octets of its body, valid during the call. */
        void piece(ByteBuf octets);

        /** The answer is complete; {@code last} as in {@link AnswerReader.Sink#end}. */
        void end(@Nullable ByteBuf last);

        /** The service takes more of the request again. */
        void drained();

        /** There will be no answer, or no end of it. The connection is closed. */
        void broke(Fault fault, String why);

        /** One of the above has thrown. The connection is closed. */
        void threw(Throwable failure);
    }

    ServiceConnection(Target target, Connections pool) {
        this.target = target;
        this.pool = pool;
    }

    Target target() {
        return target;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext known = context;
        if (known == null) {
            throw new IllegalStateException("the connection is not made yet");
        }
        return known;
    }

    private Channel channel() {
        return context().channel();
    }

    /** Whether an earlier call was answered on it: such a one may have been closed by the service meanwhile. */
    public boolean isReused() {
        return asked > 1;
    }

    /**
     * Whether it can be asked now. The socket is read once more, as what had come unasked would be taken for the answer; a
     * service that has closed its side is noticed by the same look.
     */
    boolean isQuiet() {
        if (state != State.IDLE || !channel().isActive()) {
            return false;
        }
        if (channel() instanceof UnixChannel unix) {
            try {
                peeked.clear();
                if (unix.fd().read(peeked, 0, 1) != 0) {
                    close();
                    return false;
                }
            } catch (IOException e) {
                close();
                return false;
            }
        }
        return true;
    }

    /**
     * Sends a request's head.
     *
     * @throws IllegalArgumentException when it cannot be written; the connection is as before
     */
    public void ask(Asker by, RequestHead head, BodyFraming framing) {
        if (state != State.IDLE) {
            throw new IllegalStateException("the connection is " + state);
        }
        ByteBuf out = context().alloc().buffer(1_024);
        try {
            head.writeTo(out, framing);
        } catch (RuntimeException e) {
            out.release();
            throw e;
        }
        asked++;
        state = State.ASKED;
        asker = by;
        reader.ask(head.method().equals("HEAD") ? AnswerReader.Question.HEAD : AnswerReader.Question.OTHER);
        switch (framing) {
            case BodyFraming.None none -> sending = Sending.SENT;
            case BodyFraming.Length(long octets) -> {
                unsent = octets;
                sending = octets == 0 ? Sending.SENT : Sending.LENGTH;
            }
            case BodyFraming.Chunked chunked -> sending = Sending.CHUNKS;
        }
        if (sending == Sending.SENT) {
            context().writeAndFlush(out, context().voidPromise());
        } else {
            // goes with the first of the body
            context().write(out, context().voidPromise());
        }
    }

    /**
     * Sends some of the request's body.
     *
     * @param octets the connection's from here on
     */
    public void send(ByteBuf octets) {
        if (state != State.ASKED || !octets.isReadable()) {
            octets.release();
            return;
        }
        switch (sending) {
            case LENGTH -> {
                unsent -= octets.readableBytes();
                if (unsent < 0) {
                    octets.release();
                    throw new IllegalStateException("more octets than were declared");
                }
                context().writeAndFlush(octets, context().voidPromise());
            }
            case CHUNKS -> {
                ByteBuf size = context().alloc().buffer(16);
                ByteBufUtil.writeAscii(size, Integer.toHexString(octets.readableBytes()));
                size.writeByte('\r').writeByte('\n');
                context().write(size, context().voidPromise());
                context().write(octets, context().voidPromise());
                context().writeAndFlush(LINE_END.duplicate(), context().voidPromise());
            }
            case NOTHING, SENT -> {
                octets.release();
                throw new IllegalStateException("octets behind the end of the body");
            }
        }
    }

    /** The request is complete. */
    public void sent() {
        if (state != State.ASKED || sending == Sending.SENT) {
            return;
        }
        if (sending == Sending.LENGTH && unsent != 0) {
            throw new IllegalStateException("fewer octets than were declared");
        }
        if (sending == Sending.CHUNKS) {
            context().writeAndFlush(LAST_CHUNK.duplicate(), context().voidPromise());
        }
        sending = Sending.SENT;
    }

    public boolean isWritable() {
        return channel().isWritable();
    }

    /** No more of the answer for now. */
    public void pause() {
        channel().config().setAutoRead(false);
    }

    public void resume() {
        if (state != State.SPENT) {
            channel().config().setAutoRead(true);
        }
    }

    /** Nobody waits for the answer any more, or what may still come must reach no other call. */
    public void close() {
        if (state != State.SPENT) {
            state = State.SPENT;
            asker = null;
            reader.release();
            pool.gone(this);
            context().close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        ByteBuf octets = (ByteBuf) message;
        Asker by = asker;
        try {
            if (state != State.SPENT) {
                reader.read(octets);
                settle();
            }
        } catch (BadAnswer e) {
            doubt(e);
        } catch (RuntimeException | Error e) {
            close();
            tell(by, e);
        } finally {
            octets.release();
        }
    }

    /** What was sent behind an answer has closed the connection, but leaves that answer as it is. */
    private void doubt(BadAnswer what) {
        Asker by = state == State.ASKED ? asker : null;
        close();
        pool.doubted(target, what);
        broke(by, Fault.MALFORMED, "it sent " + what.getMessage());
    }

    private static void broke(@Nullable Asker by, Fault fault, String why) {
        if (by != null) {
            try {
                by.broke(fault, why);
            } catch (RuntimeException | Error e) {
                by.threw(e);
            }
        }
    }

    private static void tell(@Nullable Asker by, Throwable failure) {
        if (by != null) {
            by.threw(failure);
        }
    }

    /** The answer is complete, and all that has come with it is read. */
    private void settle() {
        if (state != State.ANSWERED) {
            return;
        }
        if (sending == Sending.SENT && reader.isReusable()) {
            reader.rest();
            state = State.IDLE;
            sending = Sending.NOTHING;
            channel().config().setAutoRead(true);
            pool.rest(this);
        } else {
            close();
        }
    }

    @Override
    public void head(AnswerHead head) {
        Asker by = asker;
        if (by != null) {
            by.head(head);
        }
    }

    @Override
    public void piece(ByteBuf octets) {
        Asker by = asker;
        if (by != null) {
            by.piece(octets);
        }
    }

    @Override
    public void end(@Nullable ByteBuf last) {
        Asker by = asker;
        if (by != null) {
            asker = null;
            state = State.ANSWERED;
            by.end(last);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        gone();
        from.fireChannelInactive();
    }

    private void gone() {
        if (state == State.SPENT) {
            return;
        }
        Asker by = asker;
        Fault fault = reader.hasBegun() ? Fault.BROKE_OFF : Fault.CUT;
        try {
            if (channel().pipeline().get(SslHandler.class) != null && farewell == Farewell.NONE) {
                // where the connection's end is the body's, anybody on the way could have brought it about
                throw new BadAnswer("no end of its TLS connection");
            }
            reader.closed();
            close();
        } catch (BadAnswer e) {
            close();
            broke(by, fault, "it closed the connection");
        } catch (RuntimeException | Error e) {
            close();
            tell(by, e);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        if (state == State.SPENT) {
            return;
        }
        Asker by = asker;
        Fault fault = reader.hasBegun() ? Fault.BROKE_OFF : Fault.CUT;
        close();
        broke(by, fault, cause.toString());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (event == SslCloseCompletionEvent.SUCCESS) {
            farewell = Farewell.SAID;
        }
        from.fireUserEventTriggered(event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        Asker by = asker;
        if (by != null && from.channel().isWritable()) {
            try {
                by.drained();
            } catch (RuntimeException | Error e) {
                close();
                by.threw(e);
            }
        }
        from.fireChannelWritabilityChanged();
    }
}
