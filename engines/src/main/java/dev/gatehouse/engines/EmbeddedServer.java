package dev.gatehouse.engines;

/** An embedded engine as its {@link Supervisor} sees it: something that runs, may end by itself, and can be started anew. */
public interface EmbeddedServer extends AutoCloseable {
    /** What people call it, as in {@code PostgreSQL}. */
    String name();

    boolean isAlive();

    /**
     * Waits until it has ended, whoever ended it.
     *
     * @return how it ended, to follow its name in a sentence, as in {@code was killed by signal 9}
     */
    String awaitEnd() throws InterruptedException;

    /**
     * Starts it anew on the same port and the same data, after ending whatever it left running. To be called once it has ended.
     *
     * @throws EngineException when it does not come up, or the thread is interrupted meanwhile
     */
    EmbeddedServer again();

    /** Ends it in good order, or by force when it takes longer than {@link ChildProcess#STOP_PATIENCE}. */
    @Override
    void close();
}
