package dev.gatehouse.gateway.admit;

/** Hears how admission decided. */
@FunctionalInterface
public interface Verdict {
    void decided(Admission admission);
}
