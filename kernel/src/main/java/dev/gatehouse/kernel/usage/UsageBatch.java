package dev.gatehouse.kernel.usage;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One entry of a usage stream: a run of frames of one producer and epoch, or a statement about its sequence.
 *
 * @param kind what the frames are
 * @param producer who made them
 * @param epoch of the producer
 * @param first the lowest sequence number in it
 * @param count frames in it, or sequence numbers that a gap or an end speaks of
 * @param body frames after another, each {@code varint(seq - first) varint(length) octets}; a gap's reason
 */
public record UsageBatch(Kind kind, String producer, long epoch, long first, int count, byte[] body) {
    /** The most frames of an entry. */
    public static final int MAX_FRAMES = 1_000;

    /** The longest body of an entry, in octets. */
    public static final int MAX_BODY = 256 * 1024;

    private static final int MAX_PRODUCER = 64;
    private static final String KIND = "k";
    private static final String PRODUCER = "p";
    private static final String EPOCH = "e";
    private static final String FIRST = "f";
    private static final String COUNT = "n";
    private static final String BODY = "b";

    /** What an entry carries. Usage events and refusal tallies each have a sequence of their own. */
    public enum Kind {
        /** Frames of {@link UsageEventCodec}. */
        USAGE("u"),
        /** Frames of {@link RefusalTallyCodec}. */
        REFUSALS("r"),
        /** Events {@code first … first + count - 1} are lost for ever; the body says why. */
        USAGE_GAP("ug"),
        /** Tallies {@code first … first + count - 1} are lost for ever; the body says why. */
        REFUSALS_GAP("rg"),
        /** The producer's epoch is over; its last event is {@code first - 1}. */
        USAGE_END("ue"),
        /** The producer's epoch is over; its last tally is {@code first - 1}. */
        REFUSALS_END("re"),
        /**
         * Every call answered before an instant has a sequence number below {@code first}; the body is the instant,
         * decimal microseconds since 1970.
         */
        USAGE_MARK("um");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        static Kind of(String code) throws MalformedUsageException {
            for (Kind kind : values()) {
                if (kind.code.equals(code)) {
                    return kind;
                }
            }
            throw new MalformedUsageException("the entry's kind is not known");
        }
    }

    /** Receives each frame of a batch. */
    @FunctionalInterface
    public interface FrameVisitor {
        void frame(long seq, byte[] bytes, int offset, int length) throws MalformedUsageException;
    }

    /** The entry's fields, for XADD. */
    public Map<String, byte[]> toFields() {
        Map<String, byte[]> fields = new LinkedHashMap<>();
        fields.put(KIND, utf8(kind.code));
        fields.put(PRODUCER, utf8(producer));
        fields.put(EPOCH, utf8(Long.toString(epoch)));
        fields.put(FIRST, utf8(Long.toString(first)));
        fields.put(COUNT, utf8(Integer.toString(count)));
        fields.put(BODY, body);
        return fields;
    }

    /** The batch that an entry's fields hold. */
    public static UsageBatch ofFields(Map<String, byte[]> fields) throws MalformedUsageException {
        Kind kind = Kind.of(text(fields, KIND, 8));
        String producer = text(fields, PRODUCER, MAX_PRODUCER);
        long epoch = number(fields, EPOCH);
        long first = number(fields, FIRST);
        long count = number(fields, COUNT);
        if (producer.isEmpty() || epoch < 1 || first < 1 || count < 0 || count > Integer.MAX_VALUE) {
            throw new MalformedUsageException("the entry's producer, epoch, first or count is out of range");
        }
        if ((kind == Kind.USAGE || kind == Kind.REFUSALS) && (count < 1 || count > MAX_FRAMES)) {
            throw new MalformedUsageException("the entry's count is " + count + ": must be 1 to " + MAX_FRAMES);
        }
        return new UsageBatch(kind, producer, epoch, first, (int) count, bytes(fields, BODY, MAX_BODY));
    }

    /** Hands each frame to {@code visitor}; the whole body must be frames in rising order, and as many as stated. */
    public void forEach(FrameVisitor visitor) throws MalformedUsageException {
        FrameReader in = new FrameReader(body, 0, body.length);
        int seen = 0;
        long last = first - 1;
        while (!in.atEnd()) {
            long seq = first + in.count(Integer.MAX_VALUE, "a frame's sequence");
            int length = in.count(UsageEventCodec.MAX_FRAME, "a frame's length");
            if (seq <= last) {
                throw new MalformedUsageException("frame " + seq + " follows " + last);
            }
            visitor.frame(seq, body, in.skip(length, "frame " + seq), length);
            last = seq;
            seen++;
        }
        if (seen != count) {
            throw new MalformedUsageException("the entry holds " + seen + " frames and says " + count);
        }
    }

    private static String text(Map<String, byte[]> fields, String name, int limit) throws MalformedUsageException {
        return new String(bytes(fields, name, limit), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Map<String, byte[]> fields, String name, int limit) throws MalformedUsageException {
        byte[] value = fields.get(name);
        if (value == null) {
            throw new MalformedUsageException("the entry lacks its field " + name);
        }
        if (value.length > limit) {
            throw new MalformedUsageException(
                    "the entry's field " + name + " has " + value.length + " octets: more than " + limit);
        }
        return value;
    }

    private static long number(Map<String, byte[]> fields, String name) throws MalformedUsageException {
        String text = text(fields, name, 20);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedUsageException("the entry's field " + name + " is not a number");
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Gathers frames of one producer and epoch, in rising order of their sequence, until the batch is full. */
    public static final class Builder {
        private final Kind kind;
        private final String producer;
        private final long epoch;
        private final FrameWriter out = new FrameWriter(MAX_BODY);
        private long first;
        private int count;

        public Builder(Kind kind, String producer, long epoch) {
            this.kind = kind;
            this.producer = producer;
            this.epoch = epoch;
        }

        /** Adds a frame, or says false when it would not fit: {@link #build} and {@link #clear}, then add it again. */
        public boolean add(long seq, byte[] bytes, int offset, int length) {
            if (count == MAX_FRAMES || out.room() < length + 15 || (count > 0 && seq - first > Integer.MAX_VALUE)) {
                return false;
            }
            if (count == 0) {
                first = seq;
            }
            out.unsigned(seq - first);
            out.unsigned(length);
            out.octets(bytes, offset, length);
            count++;
            return true;
        }

        public int count() {
            return count;
        }

        public boolean isEmpty() {
            return count == 0;
        }

        public UsageBatch build() {
            return new UsageBatch(kind, producer, epoch, first, count, out.copy());
        }

        public void clear() {
            out.reset();
            count = 0;
        }
    }
}
