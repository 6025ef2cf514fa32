package dev.gatehouse.runtime.scope;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** A part of a request's work that goes on in a thread of its own, under the request's id and limits. */
public final class Aside<T> {
    private final FutureTask<T> task;

    private Aside(FutureTask<T> task) {
        this.task = task;
    }

    /** Begins it at once. */
    public static <T> Aside<T> begin(Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(RequestScope.carried(work));
        Thread.ofVirtual().name("aside").start(task);
        return new Aside<>(task);
    }

    /**
     * What it came to.
     *
     * @throws RuntimeException that the work threw
     */
    public T get() {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                failure.addSuppressed(new IllegalStateException("here it was waited for"));
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a part of the request was waited for", e);
        }
    }
}
