package dev.gatehouse.gateway.edge;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads a chunked body a second time, by the letter of RFC 9112 and within bounds, beside the decoder that cuts it into pieces.
 * When the two do not find the same number of data octets, somebody else on the way may not either, and the body is refused.
 * Octets of data are stepped over, so that only lines cost anything.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC 9112, section 7.1, chunked transfer coding</a>
 */
final class ChunkWitness {
    /** Hexadecimal digits of a chunk's size, with leading zeros. */
    static final int MOST_DIGITS = 8;

    /** Octets of all chunk extensions of a body together: nobody here reads them. */
    static final int MOST_EXTENSION = 4_096;

    /** Octets of the trailers: they end here too. */
    static final int MOST_TRAILER = 8_192;

    private State state = State.SIZE;
    private int digits;
    private long size;
    private long left;
    private int extension;
    private int trailer;
    private boolean named;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_FEED,
        DATA,
        DATA_RETURN,
        DATA_FEED,
        TRAILER_START,
        TRAILER_LINE,
        TRAILER_FEED,
        LAST_FEED,
        OVER
    }

    /**
     * Looks at what the decoder has taken.
     *
     * @param data octets of data that the decoder found in it
     * @return what is wrong; null when nothing is
     */
    @Nullable
    String fault(ByteBuf in, int start, int end, long data) {
        long found = 0;
        int at = start;
        while (at < end) {
            if (state == State.DATA) {
                int step = (int) Math.min(left, end - at);
                left -= step;
                found += step;
                at += step;
                if (left == 0) {
                    state = State.DATA_RETURN;
                }
                continue;
            }
            String fault = step(in.getByte(at++));
            if (fault != null) {
                return fault;
            }
        }
        return found == data ? null : "a chunk can be read in two ways";
    }

    private @Nullable String step(byte octet) {
        return switch (state) {
            case SIZE -> size(octet);
            case EXTENSION -> extension(octet);
            case SIZE_FEED -> {
                left = size;
                yield expect(octet, '\n', size == 0 ? State.TRAILER_START : State.DATA);
            }
            case DATA_RETURN -> expect(octet, '\r', State.DATA_FEED);
            case DATA_FEED -> {
                digits = 0;
                size = 0;
                yield expect(octet, '\n', State.SIZE);
            }
            case TRAILER_START, TRAILER_LINE -> trailer(octet);
            case TRAILER_FEED -> expect(octet, '\n', State.TRAILER_START);
            case LAST_FEED -> expect(octet, '\n', State.OVER);
            case DATA, OVER -> "octets stand behind the last chunk";
        };
    }

    private @Nullable String expect(byte octet, char wanted, State next) {
        state = next;
        return octet == wanted ? null : "a line of the chunked body does not end as it has to";
    }

    private @Nullable String size(byte octet) {
        int digit = octet < 0 ? -1 : Character.digit(octet, 16);
        if (digit >= 0) {
            size = size << 4 | digit;
            return ++digits > MOST_DIGITS || size > Integer.MAX_VALUE ? "a chunk's size is beyond all bounds" : null;
        }
        if (digits == 0) {
            return "a chunk has no size";
        }
        if (octet == ';') {
            state = State.EXTENSION;
            return null;
        }
        return expect(octet, '\r', State.SIZE_FEED);
    }

    private @Nullable String extension(byte octet) {
        if (octet == '\r') {
            state = State.SIZE_FEED;
            return null;
        }
        if (isControl(octet)) {
            return "a chunk's extension holds a control character";
        }
        return ++extension > MOST_EXTENSION ? "the chunks' extensions are too long together" : null;
    }

    private @Nullable String trailer(byte octet) {
        boolean first = state == State.TRAILER_START;
        if (octet == '\r') {
            if (!first && !named) {
                return "a trailer has no name";
            }
            state = first ? State.LAST_FEED : State.TRAILER_FEED;
            return null;
        }
        if (first) {
            named = false;
            state = State.TRAILER_LINE;
        }
        if (!named) {
            if (octet == ':' && !first) {
                named = true;
            } else if (octet < 0 || !FieldRules.isToken(String.valueOf((char) octet))) {
                return "the name of a trailer holds a character that no name may hold";
            }
        } else if (isControl(octet)) {
            return "a trailer holds a control character";
        }
        return ++trailer > MOST_TRAILER ? "the trailers are too long together" : null;
    }

    private static boolean isControl(byte octet) {
        return (octet >= 0 && octet < ' ' && octet != '\t') || octet == 0x7f;
    }
}
