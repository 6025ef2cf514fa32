package dev.gatehouse.metering;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;
import java.util.List;

/**
 * How far a reader saw the ledger: the last batch of each shard. What is counted at a cut can be counted again for ever,
 * since batches are only ever added and each shard's hashes form a chain.
 *
 * @param heads by shard
 */
public record LedgerCut(@JsonValue List<Head> heads) {
    /** Before the first batch. */
    public static final LedgerCut NOTHING = new LedgerCut(List.of());

    /**
     * @param batch the number of the shard's last batch; 0 before the first
     * @param hash that batch's hash in lower-case hexadecimal digits
     */
    public record Head(int shard, long batch, String hash) {}

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public LedgerCut {
        heads = heads.stream().sorted(Comparator.comparingInt(Head::shard)).toList();
    }

    /** The number of the last batch that was seen of a shard. */
    public long batchOf(int shard) {
        return heads.stream()
                .filter(head -> head.shard() == shard)
                .mapToLong(Head::batch)
                .findFirst()
                .orElse(0);
    }
}
