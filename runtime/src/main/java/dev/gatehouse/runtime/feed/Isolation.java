package dev.gatehouse.runtime.feed;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.runtime.aside.PostgresShelf;
import dev.gatehouse.runtime.sql.Database;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Applies events of which some cannot be applied: halves them, each half under a savepoint, until those stand alone, and sets
 * them aside. Their number costs logarithmically many attempts each.
 */
final class Isolation {
    private final FeedEffect effect;
    private final PostgresShelf shelf;
    private final List<Runnable> then = new ArrayList<>();
    private int savepoints;

    Isolation(FeedEffect effect, PostgresShelf shelf) {
        this.effect = effect;
        this.shelf = shelf;
    }

    List<Runnable> apply(Handle transaction, List<DomainEvent> events) {
        take(transaction, events);
        return then;
    }

    private void take(Handle transaction, List<DomainEvent> events) {
        String savepoint = "feed_" + savepoints++;
        transaction.savepoint(savepoint);
        try {
            then.add(effect.apply(transaction, events));
            transaction.releaseSavepoint(savepoint);
        } catch (RuntimeException | StackOverflowError e) {
            if (Database.mayPass(e)) {
                throw e;
            }
            transaction.rollbackToSavepoint(savepoint);
            if (events.size() == 1) {
                DomainEvent event = events.getFirst();
                shelf.put(transaction, FeedCursor.record(event.sequence()), reason(e), event.data());
                return;
            }
            int half = events.size() / 2;
            take(transaction, events.subList(0, half));
            take(transaction, events.subList(half, events.size()));
        }
    }

    /** The innermost cause, in a line; of a database the whole says what was to be written, and is not told. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return "it cannot be applied: " + cause.getClass().getSimpleName() + ": " + message;
    }
}
