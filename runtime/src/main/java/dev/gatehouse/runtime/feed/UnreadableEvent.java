package dev.gatehouse.runtime.feed;

/**
 * An event of the feed that cannot be read, as one of a release to come or a damaged one.
 *
 * @param sequence its place, which it has all the same
 * @param reason in words
 * @param bytes how long it is
 */
public record UnreadableEvent(long sequence, String reason, int bytes) {}
