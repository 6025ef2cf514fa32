package dev.gatehouse.directory;

import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemException;
import java.util.function.Function;
import java.util.function.Supplier;

/** What became of a change. */
public sealed interface Outcome<T> {
    /** It holds now, also when it held before. */
    record Done<T>(T value) implements Outcome<T> {}

    /** Nothing was changed; the problem says why and what to do. */
    record Refused<T>(Problem problem) implements Outcome<T> {}

    /** Runs a change whose refusals are thrown. */
    static <T> Outcome<T> of(Supplier<T> change) {
        try {
            return new Done<>(change.get());
        } catch (ProblemException e) {
            return new Refused<>(e.problem());
        }
    }

    /** @throws ProblemException when it was refused */
    default T orThrow() {
        return switch (this) {
            case Done<T>(T value) -> value;
            case Refused<T>(Problem problem) -> throw problem.asException();
        };
    }

    default <R> R fold(Function<T, R> done, Function<Problem, R> refused) {
        return switch (this) {
            case Done<T>(T value) -> done.apply(value);
            case Refused<T>(Problem problem) -> refused.apply(problem);
        };
    }
}
