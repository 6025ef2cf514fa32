package dev.gatehouse.bench.poison;

/** What is wrong with a record. */
public enum Damage {
    /** Parts are missing, or of another kind. */
    DAMAGED,
    /** A part is megabytes long. */
    HUGE,
    /** As a release to come may write it. */
    FUTURE,
    /** Well-formed, and nothing that was ever meant. */
    ODD
}
