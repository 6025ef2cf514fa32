package dev.gatehouse.metering.ledger;

/** The points between which a writer may die; drills stop it at one of them. */
public enum WriterStep {
    READ,
    BEFORE_COMMIT,
    AFTER_COMMIT,
    AFTER_ACKNOWLEDGE,
    AFTER_TRIM;

    /** Told of each step as it is reached. */
    @FunctionalInterface
    public interface Observer {
        void reached(WriterStep step, int shard);

        /** Nobody watches. */
        Observer NONE = (step, shard) -> {};
    }
}
