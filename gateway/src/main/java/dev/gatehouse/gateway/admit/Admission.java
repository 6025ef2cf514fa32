package dev.gatehouse.gateway.admit;

import dev.gatehouse.kernel.problem.ProblemCode;

/** The decision to let a call in. */
public sealed interface Admission {

    /** What is used after the decision. */
    Levels levels();

    /** Whether it was made without Redis. */
    boolean degraded();

    /** The call goes in; its cost has been taken. */
    record Admit(Levels levels, boolean degraded) implements Admission {

        /** The same with its cost given back. */
        public Admit without(long cost) {
            return new Admit(
                    new Levels(
                            levels.atMicros(),
                            Math.max(0, levels.bucketUsed() - cost * AdmissionRule.TICKS),
                            Math.max(0, levels.quotaUsed() - cost),
                            Math.max(0, levels.keyUsed() - cost)),
                    degraded);
        }
    }

    /**
     * The call stays out; nothing has been taken.
     *
     * @param code which limit was met
     * @param retryAfterSeconds after how many whole seconds a lone client is admitted; {@link AdmissionRule#NEVER} when
     *     the call costs more than the limits ever allow
     */
    record Refuse(ProblemCode code, long retryAfterSeconds, Levels levels, boolean degraded) implements Admission {}
}
