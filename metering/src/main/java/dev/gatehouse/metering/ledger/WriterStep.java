package dev.gatehouse.metering.ledger;

/** The points between which a writer may die; drills stop it at one of them. */
public enum WriterStep {
    AFTER_READ,
    BEFORE_INSERT,
    AFTER_INSERT,
    BEFORE_COMMIT,
    AFTER_COMMIT,
    BEFORE_ACKNOWLEDGE,
    AFTER_ACKNOWLEDGE,
    BEFORE_TRIM,
    AFTER_TRIM;

    /** Told of each step as it is reached. */
    @FunctionalInterface
    public interface Observer {
        void reached(WriterStep step, int shard);

        /** Nobody watches. */
        Observer NONE = (step, shard) -> {};
    }
}
