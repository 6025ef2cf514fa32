package dev.gatehouse.bench.journal;

import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A plain file, appended to through its channel: length, checksum, number, frame. */
final class ChannelJournal implements JournalContender {
    private static final int HEADER = 16;

    private final int room;
    private final UsageEventCodec codec = new UsageEventCodec();
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer buffer;
    private @Nullable FileChannel channel;

    /** @param room octets that are gathered before they are written; 0 writes each event at once */
    ChannelJournal(int room) {
        this.room = room;
        buffer = ByteBuffer.allocateDirect(room + HEADER + UsageEventCodec.MAX_FRAME);
    }

    @Override
    public String name() {
        return room == 0 ? "file channel, a write an event" : "file channel, a write each " + room / 1_024 + " KiB";
    }

    @Override
    public String survives() {
        return room == 0 ? "all" : "all but up to " + room / 1_024 + " KiB of events";
    }

    @Override
    public void open(Path folder) throws IOException {
        channel = FileChannel.open(folder.resolve("events"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    @Override
    public void append(UsageEvent event) throws IOException {
        int length = codec.encode(event);
        crc.reset();
        crc.update(codec.buffer(), 0, length);
        buffer.putInt(length).putInt((int) crc.getValue()).putLong(event.seq());
        buffer.put(codec.buffer(), 0, length);
        if (buffer.position() > room) {
            write();
        }
    }

    private void write() throws IOException {
        FileChannel to = channel;
        if (to == null) {
            throw new IOException("not open");
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            to.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            write();
            channel.close();
            channel = null;
        }
    }
}
