package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.gateway.snapshot.Digest;
import dev.gatehouse.gateway.standing.Caller;
import dev.gatehouse.kernel.problem.ProblemCode;
import org.jspecify.annotations.Nullable;

/** Who calls, or why that is not accepted. */
public sealed interface Authentication {

    /** A key that is in force. */
    record Known(Caller caller) implements Authentication {}

    /** A well-formed key that the snapshot does not hold: the directory is to be asked. */
    record Unseen(Digest digest) implements Authentication {}

    /**
     * No caller.
     *
     * @param caller whose key it is, when that is known
     */
    record Rejected(
            ProblemCode code, String detail, @Nullable Caller caller) implements Authentication {}
}
