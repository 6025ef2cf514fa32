package dev.gatehouse.metering.audit;

/**
 * Something that is not as it must be.
 *
 * @param where the batch, slot, sequence or tenant
 * @param what in words, with both numbers
 */
public record Finding(String where, String what) {}
