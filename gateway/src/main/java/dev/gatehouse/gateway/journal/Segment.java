package dev.gatehouse.gateway.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of the journal, mapped into memory. A header names producer and epoch, and what found no room after the last
 * record; records follow, each at a multiple of eight octets:
 *
 * <pre>
 *  0 int   length of the payload, 0 where no record is; written last
 *  4 int   CRC-32C of kind, sequence and payload
 *  8 long  sequence
 * 16 byte  kind: 1 usage event, 2 refusal tally
 * 17 byte  state: 0 open; for an event 1 + the ordinal of its completion once it is known, for a tally 1 once its second is
 *          over
 * 24 long  a tally's count
 * 32       payload
 * </pre>
 *
 * State and count change in place and are outside of the checksum. One thread appends; another may read at the same time:
 * a record is seen whole or not at all. The process may die at any point without harm, since the pages belong to the
 * operating system; only a loss of power can tear a record, and then the checksum tells.
 */
final class Segment implements AutoCloseable {
    static final int RECORD_HEADER = 32;
    static final byte USAGE = 1;
    static final byte TALLY = 2;
    static final int HEADER = 160;

    private static final long MAGIC = 0x4748_4a52_4e4c_3031L;
    private static final int PRODUCER = 64;
    private static final int GAP_FIRST = 24;
    private static final int GAP_LAST = 32;
    private static final int LOST_TALLY = 40;
    private static final int LOST_COUNT = 48;
    private static final int LOST_SECOND = 152;
    private static final VarHandle INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle LONG =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle BYTE = ValueLayout.JAVA_BYTE.varHandle();

    private final Path file;
    private final Arena arena;
    private final MemorySegment memory;
    private final long index;
    private final long epoch;
    private final String producer;
    private final CRC32C crc = new CRC32C();
    private final byte[] head = new byte[9];
    private final ByteBuffer headBuffer = ByteBuffer.wrap(head);
    private int end = HEADER;
    private volatile boolean sealed;
    volatile @Nullable Segment next;

    private Segment(Path file, Arena arena, MemorySegment memory, String producer, long epoch, long index) {
        this.file = file;
        this.arena = arena;
        this.memory = memory;
        this.producer = producer;
        this.epoch = epoch;
        this.index = index;
    }

    /** Makes a file of zeros, so that its blocks are there before they are needed, and maps it. */
    static Segment create(Path folder, String producer, long epoch, long index, int bytes) throws IOException {
        byte[] name = producer.getBytes(StandardCharsets.UTF_8);
        if (name.length > HEADER - PRODUCER - 8) {
            throw new IllegalArgumentException("the producer's name is too long: " + producer);
        }
        Path file = folder.resolve("%s.%020d.%010d.journal".formatted(producer, epoch, index));
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(64 * 1024);
            for (long at = 0; at < bytes; ) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
                at += channel.write(zeros, at);
            }
            Arena arena = Arena.ofShared();
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            Segment segment = new Segment(file, arena, memory, producer, epoch, index);
            LONG.set(memory, 8L, epoch);
            LONG.set(memory, 16L, index);
            INT.set(memory, 56L, name.length);
            MemorySegment.copy(name, 0, memory, ValueLayout.JAVA_BYTE, PRODUCER, name.length);
            LONG.setRelease(memory, 0L, MAGIC);
            return segment;
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Maps a file that an earlier process left; null when it was never begun. */
    static @Nullable Segment open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() < HEADER || channel.size() > Integer.MAX_VALUE) {
                return null;
            }
            Arena arena = Arena.ofShared();
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena);
            int length = (int) INT.get(memory, 56L);
            if ((long) LONG.get(memory, 0L) != MAGIC || length < 1 || length > HEADER - PRODUCER) {
                arena.close();
                return null;
            }
            byte[] name = new byte[length];
            MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, PRODUCER, name, 0, length);
            Segment segment = new Segment(
                    file, arena, memory, new String(name, StandardCharsets.UTF_8), (long) LONG.get(memory, 8L), (long)
                            LONG.get(memory, 16L));
            segment.sealed = true;
            return segment;
        }
    }

    /** Whether no record was ever written to a file that cannot be opened: its mark is the last thing that is made. */
    static boolean isUnused(Path file) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(HEADER + RECORD_HEADER).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            int read = 0;
            while (start.hasRemaining() && read >= 0) {
                read = channel.read(start);
            }
        }
        return start.getLong(0) == 0 && start.getInt(HEADER) == 0;
    }

    String producer() {
        return producer;
    }

    long epoch() {
        return epoch;
    }

    long index() {
        return index;
    }

    Path file() {
        return file;
    }

    long bytes() {
        return memory.byteSize();
    }

    /**
     * Appends a record; no system call.
     *
     * @return its position; -1 when there is no room
     */
    int append(byte kind, long seq, long count, byte[] payload, int length) {
        int size = RECORD_HEADER + (length + 7 & ~7);
        if (memory.byteSize() - end < size + 8L) {
            return -1;
        }
        int at = end;
        MemorySegment.copy(payload, 0, memory, ValueLayout.JAVA_BYTE, at + RECORD_HEADER, length);
        LONG.set(memory, (long) at + 8, seq);
        BYTE.set(memory, (long) at + 16, kind);
        LONG.set(memory, (long) at + 24, count);
        INT.set(memory, (long) at + 4, checksum(kind, seq, payload, length));
        INT.setRelease(memory, (long) at, length);
        end = at + size;
        return at;
    }

    private int checksum(byte kind, long seq, byte[] payload, int length) {
        headBuffer.put(0, kind).putLong(1, seq);
        crc.reset();
        crc.update(head);
        crc.update(payload, 0, length);
        return (int) crc.getValue();
    }

    /** The length of the payload of the record at a position; 0 when none is there yet. */
    int length(int at) {
        return memory.byteSize() - at < RECORD_HEADER ? 0 : (int) INT.getAcquire(memory, (long) at);
    }

    /** Whether the record at a position is as it was written. */
    boolean isWhole(int at, byte[] scratch) {
        int length = length(at);
        if (length < 1 || length > scratch.length || length > memory.byteSize() - at - RECORD_HEADER) {
            return false;
        }
        payload(at, scratch);
        return checksum(kind(at), seq(at), scratch, length) == (int) INT.get(memory, (long) at + 4);
    }

    static int after(int at, int length) {
        return at + RECORD_HEADER + (length + 7 & ~7);
    }

    long seq(int at) {
        return (long) LONG.get(memory, (long) at + 8);
    }

    byte kind(int at) {
        return (byte) BYTE.get(memory, (long) at + 16);
    }

    byte state(int at) {
        return (byte) BYTE.getAcquire(memory, (long) at + 17);
    }

    void state(int at, int state) {
        BYTE.setRelease(memory, (long) at + 17, (byte) state);
    }

    long count(int at) {
        return (long) LONG.getAcquire(memory, (long) at + 24);
    }

    void increment(int at) {
        LONG.setRelease(memory, (long) at + 24, (long) LONG.get(memory, (long) at + 24) + 1);
    }

    /** Copies the payload and returns its length. */
    int payload(int at, byte[] into) {
        int length = length(at);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at + RECORD_HEADER, into, 0, length);
        return length;
    }

    /** Notes that events found no room after this segment: the numbers from the first to the last. */
    void gap(long first, long last) {
        LONG.set(memory, (long) GAP_FIRST, first);
        LONG.setRelease(memory, (long) GAP_LAST, last);
    }

    long gapFirst() {
        return (long) LONG.get(memory, (long) GAP_FIRST);
    }

    long gapLast() {
        return (long) LONG.getAcquire(memory, (long) GAP_LAST);
    }

    /** Begins the count of refusals that found no room after this segment, under a tally's number. */
    void lose(long number, long second) {
        LONG.set(memory, (long) LOST_SECOND, second);
        LONG.setRelease(memory, (long) LOST_TALLY, number);
    }

    void loseOne() {
        LONG.setRelease(memory, (long) LOST_COUNT, lostCount() + 1);
    }

    /** The number of the tally of refusals that found no room; 0 when there are none. */
    long lostTally() {
        return (long) LONG.getAcquire(memory, (long) LOST_TALLY);
    }

    long lostCount() {
        return (long) LONG.getAcquire(memory, (long) LOST_COUNT);
    }

    /** When the first of them was refused, in seconds since 1970. */
    long lostSecond() {
        return (long) LONG.get(memory, (long) LOST_SECOND);
    }

    /** Nothing will be appended any more. */
    void seal() {
        sealed = true;
    }

    boolean isSealed() {
        return sealed;
    }

    /** Does nothing once it is closed. */
    synchronized void force() {
        if (arena.scope().isAlive()) {
            memory.force();
        }
    }

    /** Where the next record begins at or after a position that holds none: the search of a torn file. */
    int resume(int at, byte[] scratch) {
        for (int next = at + 8; memory.byteSize() - next > RECORD_HEADER; next += 8) {
            if (isWhole(next, scratch)) {
                return next;
            }
        }
        return -1;
    }

    void delete() throws IOException {
        close();
        Files.deleteIfExists(file);
    }

    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
