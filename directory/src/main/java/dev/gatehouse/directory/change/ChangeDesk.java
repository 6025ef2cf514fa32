package dev.gatehouse.directory.change;

import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.store.DirectoryStore;
import dev.gatehouse.directory.store.Session;
import dev.gatehouse.kernel.id.TenantId;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.LongConsumer;

/** Makes changes: one transaction each, one after the other; tells gateways when one is committed. */
public final class ChangeDesk {
    private record Committed<T>(T value, long version) {}

    private final DirectoryStore store;
    private final InstantSource clock;
    private final LongConsumer committed;

    /** @param committed hears each new version after its commit; must not block */
    public ChangeDesk(DirectoryStore store, InstantSource clock, LongConsumer committed) {
        this.store = store;
        this.clock = clock;
        this.committed = committed;
    }

    /** A change by somebody who may see every tenant. What {@code work} throws undoes it. */
    public <T> T change(Actor actor, Function<Writing, T> work) {
        return told(store.asSystem(session -> run(session, actor, work)));
    }

    /** A change within one tenant: other tenants' rows cannot be seen. What {@code work} throws undoes it. */
    public <T> T changeOf(TenantId tenant, Actor actor, Function<Writing, T> work) {
        return told(store.asTenant(tenant, session -> run(session, actor, work)));
    }

    private <T> Committed<T> run(Session session, Actor actor, Function<Writing, T> work) {
        session.lock();
        T value = work.apply(new Writing(session, actor, clock.instant()));
        return new Committed<>(value, session.published());
    }

    private <T> T told(Committed<T> done) {
        if (done.version() > 0) {
            committed.accept(done.version());
        }
        return done.value();
    }
}
