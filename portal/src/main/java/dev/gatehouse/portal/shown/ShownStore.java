package dev.gatehouse.portal.shown;

import java.time.Instant;
import java.util.Optional;

/** Keeps what is shown once. */
public interface ShownStore {
    /** Keeps a secret of a session, and forgets all that was over before {@code now}. */
    void keep(String session, String subject, byte[] sealed, Instant until, Instant now);

    /** The secret, if it has been shown less than {@code times} times and its time is not over. Counts as showing it. */
    Optional<byte[]> show(String session, String subject, int times, Instant now);
}
