package dev.gatehouse.metering.ledger;

import dev.gatehouse.kernel.usage.RefusalTally;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The chain's hashes, SHA-256. A batch's content is the hash of its rows in the order of producer, epoch and sequence:
 * counted events, then events past their window, then refusals. Its link is the hash of the link before, its number and
 * its content. Who changes a row, or takes one away, has to change every link after it.
 */
public final class BatchHash {
    /** What stands before the first link. */
    public static final int LENGTH = 32;

    private final MessageDigest digest = sha256();
    private final ByteBuffer scratch = ByteBuffer.allocate(64);

    public void event(String producer, long epoch, long seq, byte[] frame, int offset, int length) {
        header(producer, epoch, seq, length);
        digest.update(frame, offset, length);
    }

    public void refusal(RefusalTally tally) {
        byte[] code = tally.code().getBytes(StandardCharsets.UTF_8);
        header(tally.producer(), tally.epoch(), tally.seq(), code.length);
        digest.update(code);
        scratch.clear();
        scratch.putLong(tally.second().getEpochSecond()).putLong(tally.count());
        digest.update(scratch.array(), 0, scratch.position());
        digest.update(String.valueOf(tally.tenant()).getBytes(StandardCharsets.UTF_8));
        digest.update(String.valueOf(tally.key()).getBytes(StandardCharsets.UTF_8));
    }

    private void header(String producer, long epoch, long seq, int length) {
        digest.update(producer.getBytes(StandardCharsets.UTF_8));
        scratch.clear();
        scratch.put((byte) 0).putLong(epoch).putLong(seq).putInt(length);
        digest.update(scratch.array(), 0, scratch.position());
    }

    /** The hash of all rows so far; starts again. */
    public byte[] content() {
        return digest.digest();
    }

    public static byte[] contentOf(LedgerBatch batch) {
        BatchHash hash = new BatchHash();
        for (LedgerEvent row : batch.events()) {
            hash.event(
                    row.event().producer(),
                    row.event().epoch(),
                    row.event().seq(),
                    row.bytes(),
                    row.offset(),
                    row.length());
        }
        for (LedgerEvent row : batch.pastWindow()) {
            hash.event(
                    row.event().producer(),
                    row.event().epoch(),
                    row.event().seq(),
                    row.bytes(),
                    row.offset(),
                    row.length());
        }
        batch.refusals().forEach(hash::refusal);
        return hash.content();
    }

    public static byte[] link(byte[] previous, int shard, long number, byte[] content) {
        MessageDigest digest = sha256();
        digest.update(previous);
        digest.update(ByteBuffer.allocate(12).putInt(shard).putLong(number).array());
        return digest.digest(content);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
