package dev.gatehouse.engines;

/** What a loss of power may cost. */
public enum Durability {
    /** A commit is on the disk when it returns. */
    DURABLE,
    /** Nothing is forced to the disk: for tests, whose data nobody misses. */
    THROWN_AWAY
}
