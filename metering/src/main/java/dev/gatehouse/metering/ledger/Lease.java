package dev.gatehouse.metering.ledger;

/**
 * The right to write a shard.
 *
 * @param holder who has it
 * @param epoch grows each time the right changes hands; a batch of an older epoch cannot be committed
 */
public record Lease(int shard, String holder, long epoch) {}
