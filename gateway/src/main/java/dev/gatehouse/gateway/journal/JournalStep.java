package dev.gatehouse.gateway.journal;

/** The points between which a gateway may die; drills stop it at one of them. */
public enum JournalStep {
    BEFORE_APPEND,
    AFTER_APPEND,
    /** The answer's last byte is sent, the event does not say so yet. */
    BEFORE_CONFIRM,
    AFTER_CONFIRM,
    BEFORE_SHIP,
    AFTER_SHIP;

    /** Told of each step as it is reached. */
    @FunctionalInterface
    public interface Observer {
        void reached(JournalStep step);

        /** Nobody watches. */
        Observer NONE = step -> {};
    }
}
