package dev.gatehouse.metering.store;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What several pieces of reading give, in their order: while one is worked on, the next two are read at the same time, each
 * on a connection of its own. No more than three are held.
 */
final class ReadAhead<T> implements AutoCloseable {
    private static final int READERS = 2;

    private final ExecutorService readers = Executors.newFixedThreadPool(
            READERS, Thread.ofPlatform().name("ledger-read-", 0).daemon().factory());
    private final Iterator<Callable<T>> left;
    private final Queue<Future<T>> ahead = new ArrayDeque<>();

    ReadAhead(List<Callable<T>> pieces) {
        left = pieces.iterator();
        for (int i = 0; i < READERS; i++) {
            begin();
        }
    }

    private void begin() {
        if (left.hasNext()) {
            ahead.add(readers.submit(left.next()));
        }
    }

    /** What the next piece gave; what kept it from giving anything is thrown. */
    T next() {
        try {
            T read = ahead.remove().get();
            begin();
            return read;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException fault -> throw fault;
                case Error fault -> throw fault;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the reading was interrupted", e);
        }
    }

    /** Leaves what is being read. */
    @Override
    public void close() {
        readers.shutdownNow();
    }
}
