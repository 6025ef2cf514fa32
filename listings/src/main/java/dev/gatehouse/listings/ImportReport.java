package dev.gatehouse.listings;

import java.util.Map;

/**
 * What became of a file's rows; {@code read} is the sum of all others.
 *
 * @param accepted new or changed
 * @param unchanged stored already, just so
 * @param duplicates the same as an earlier row of the file
 * @param rejected by reason
 */
public record ImportReport(long read, long accepted, long unchanged, long duplicates, Map<String, Long> rejected) {}
