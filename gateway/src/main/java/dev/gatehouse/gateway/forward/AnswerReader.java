package dev.gatehouse.gateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a service sends on one connection, answer by answer, and trusts nothing of it: every octet has one place in the
 * answer that was asked for, or the connection is in doubt. Answers in advance (1xx) are passed over; 101 is refused, as nothing
 * is ever upgraded. It holds at most one line back, and does no input or output of its own.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</a>
 */
public final class AnswerReader {
    /** Of a chunk's size, with what may stand behind it. */
    private static final int LONGEST_SIZE_LINE = 1_024;

    /** Fifteen hexadecimal digits fit in 63 bits: no size wraps. */
    private static final int MOST_SIZE_DIGITS = 15;

    private static final int LONGEST_TRAILERS = 16 * 1024;
    private static final int MOST_ADVANCE_ANSWERS = 16;

    private final Sink sink;
    private final AnswerLines lines = new AnswerLines();
    private byte[] line = new byte[256];
    private State state = State.IDLE;
    private Question question = Question.OTHER;
    private Wonder wonder = Wonder.NOTHING;
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private int scanned;
    private long rest;
    private int trailers;
    private int advanceAnswers;

    /** What was asked, as far as it decides whether the answer has a body. */
    public enum Question {
        HEAD,
        OTHER
    }

    /** Hears what was read. */
    public interface Sink {
        /** The head of the final answer is complete. */
        void head(AnswerHead head);

        /** The next octets of its body, of which more may come; valid during the call. */
        void piece(ByteBuf octets);

        /** The answer is complete. @param last the end of its body, valid during the call; null when nothing was left of it */
        void end(@Nullable ByteBuf last);
    }

    private enum State {
        /** Nothing was asked: no octet may come. */
        IDLE,
        HEAD,
        LENGTH,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        UNTIL_CLOSE,
        COMPLETE
    }

    /** Whether anything was out of the ordinary, though readable in one way only. */
    private enum Wonder {
        NOTHING,
        SOMETHING
    }

    public AnswerReader(Sink sink) {
        this.sink = sink;
    }

    /** A request is about to be sent whose answer comes next. */
    public void ask(Question asked) {
        if (state != State.IDLE) {
            throw new IllegalStateException("the connection is not idle but " + state);
        }
        question = asked;
        wonder = Wonder.NOTHING;
        advanceAnswers = 0;
        lines.clear();
        state = State.HEAD;
    }

    /** Whether any octet of the answer has come. */
    public boolean hasBegun() {
        return state != State.HEAD || lines.status() != 0 || held.isReadable() || advanceAnswers > 0;
    }

    /** Whether the answer is complete, and the connection is as it was before it was asked. */
    public boolean isReusable() {
        return state == State.COMPLETE
                && wonder == Wonder.NOTHING
                && lines.persistence() == AnswerLines.Persistence.KEPT
                && !held.isReadable();
    }

    /** Awaits nothing; an octet that comes now is in nobody's answer. */
    public void rest() {
        if (!isReusable()) {
            throw new IllegalStateException("the connection is in doubt");
        }
        state = State.IDLE;
    }

    /** Lets go of what it holds. */
    public void release() {
        held.release();
        held = Unpooled.EMPTY_BUFFER;
    }

    /**
     * Reads all of a buffer, which stays the caller's.
     *
     * @throws BadAnswer when the connection must not be used any more, and nothing more of it be read
     */
    public void read(ByteBuf octets) throws BadAnswer {
        if (!held.isReadable()) {
            parse(octets);
            if (octets.isReadable()) {
                held = octets.alloc().heapBuffer(octets.readableBytes() + 64);
                held.writeBytes(octets);
            }
            return;
        }
        ByteBuf all = held;
        all.writeBytes(octets);
        parse(all);
        if (!all.isReadable()) {
            release();
        } else {
            all.discardReadBytes();
        }
    }

    /** The service has closed its side. @throws BadAnswer when that breaks an answer off */
    public void closed() throws BadAnswer {
        switch (state) {
            case UNTIL_CLOSE -> {
                state = State.COMPLETE;
                sink.end(null);
            }
            case IDLE, COMPLETE -> {}
            default -> throw new BadAnswer("only a part of an answer");
        }
    }

    /** Goes on until it lacks octets. */
    private void parse(ByteBuf in) throws BadAnswer {
        while (in.isReadable()) {
            switch (state) {
                case IDLE -> throw new BadAnswer("octets that nobody had asked for");
                case COMPLETE -> throw new BadAnswer("octets behind its answer");
                case UNTIL_CLOSE -> sink.piece(in.readSlice(in.readableBytes()));
                case LENGTH -> body(in);
                case CHUNK -> chunk(in);
                case HEAD -> {
                    int size = readLine(in, AnswerLines.LONGEST_HEAD);
                    if (size < 0) {
                        return;
                    }
                    headLine(size);
                }
                case CHUNK_SIZE -> {
                    int size = readLine(in, LONGEST_SIZE_LINE);
                    if (size < 0) {
                        return;
                    }
                    chunkSize(size);
                }
                case CHUNK_END -> {
                    int size = readLine(in, 0);
                    if (size < 0) {
                        return;
                    }
                    state = State.CHUNK_SIZE;
                }
                case TRAILERS -> {
                    int size = readLine(in, LONGEST_TRAILERS);
                    if (size < 0) {
                        return;
                    }
                    trailer(size);
                }
            }
        }
    }

    /**
     * Takes the next line into {@link #line}.
     *
     * @return its octets without its end; below zero when it is not complete
     */
    private int readLine(ByteBuf in, int longest) throws BadAnswer {
        int start = in.readerIndex();
        int feed = in.indexOf(start + scanned, in.writerIndex(), (byte) '\n');
        int size = (feed < 0 ? in.writerIndex() : feed - 1) - start;
        if (size > longest + (feed < 0 ? 1 : 0)) {
            throw new BadAnswer("a line that is longer than it may be");
        }
        if (feed < 0) {
            scanned = in.readableBytes();
            return -1;
        }
        scanned = 0;
        if (size < 0 || in.getByte(feed - 1) != '\r') {
            throw new BadAnswer("a line that ends without a carriage return");
        }
        if (line.length < size) {
            line = new byte[Math.max(size, line.length * 2)];
        }
        in.readBytes(line, 0, size);
        in.skipBytes(2);
        return size;
    }

    private void headLine(int size) throws BadAnswer {
        if (size > 0) {
            lines.take(line, size);
            return;
        }
        int status = lines.status();
        if (status == 0) {
            throw new BadAnswer("an empty line in the place of a status line");
        }
        if (status < 200) {
            inAdvance(status);
            return;
        }
        AnswerHead head = lines.head(question);
        rest = head.length();
        state = switch (head.body()) {
            case NONE -> State.COMPLETE;
            case LENGTH -> rest == 0 ? State.COMPLETE : State.LENGTH;
            case CHUNKED -> State.CHUNK_SIZE;
            case UNTIL_CLOSE -> State.UNTIL_CLOSE;
        };
        sink.head(head);
        if (state == State.COMPLETE) {
            sink.end(null);
        }
    }

    /** RFC 9110, section 15.2: such answers may be passed over, but for the one that changes the protocol. */
    private void inAdvance(int status) throws BadAnswer {
        if (status == 101) {
            throw new BadAnswer("101, though no upgrade was asked for");
        }
        if (++advanceAnswers > MOST_ADVANCE_ANSWERS) {
            throw new BadAnswer("more than " + MOST_ADVANCE_ANSWERS + " answers in advance");
        }
        // nobody had asked for one: the connection serves this call, and no other
        wonder = Wonder.SOMETHING;
        lines.clear();
    }

    private void body(ByteBuf in) {
        int size = (int) Math.min(rest, in.readableBytes());
        rest -= size;
        ByteBuf octets = in.readSlice(size);
        if (rest == 0) {
            state = State.COMPLETE;
            sink.end(octets);
        } else {
            sink.piece(octets);
        }
    }

    private void chunkSize(int size) throws BadAnswer {
        long octets = 0;
        int digits = 0;
        while (digits < size && digit(line[digits]) >= 0) {
            if (digits == MOST_SIZE_DIGITS) {
                throw new BadAnswer("a chunk size of more than " + MOST_SIZE_DIGITS + " digits");
            }
            octets = octets << 4 | digit(line[digits]);
            digits++;
        }
        if (digits == 0 || (digits < size && line[digits] != ';')) {
            throw new BadAnswer("a chunk size that is none");
        }
        for (int i = digits; i < size; i++) {
            if (AnswerLines.isControl(line[i])) {
                throw new BadAnswer("a control character behind a chunk size");
            }
        }
        rest = octets;
        trailers = 0;
        state = octets == 0 ? State.TRAILERS : State.CHUNK;
    }

    private static int digit(byte c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int small = c | 0x20;
        return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
    }

    private void chunk(ByteBuf in) {
        int size = (int) Math.min(rest, in.readableBytes());
        rest -= size;
        ByteBuf octets = in.readSlice(size);
        if (rest == 0) {
            state = State.CHUNK_END;
        }
        sink.piece(octets);
    }

    /** What stands behind the last chunk is read and dropped. */
    private void trailer(int size) throws BadAnswer {
        if (size == 0) {
            state = State.COMPLETE;
            sink.end(null);
            return;
        }
        trailers += size + 2;
        if (trailers > LONGEST_TRAILERS) {
            throw new BadAnswer("trailers of more than " + LONGEST_TRAILERS + " octets");
        }
        int colon = 0;
        while (colon < size && AnswerLines.isTokenCharacter(line[colon])) {
            colon++;
        }
        if (colon == 0 || colon == size || line[colon] != ':') {
            throw new BadAnswer("a trailer whose name is none");
        }
        for (int i = colon; i < size; i++) {
            if (AnswerLines.isControl(line[i])) {
                throw new BadAnswer("a control character in a trailer");
            }
        }
    }
}
