package dev.gatehouse.kernel.aside;

/** What an operator has decided about a record that was set aside. */
public record AsideDecision(String source, String record, Kind kind, String reason) {
    public enum Kind {
        /** Try to use it again. */
        RETRY,
        /** Take it off the list; what it concerns stays refused. */
        DROP
    }
}
