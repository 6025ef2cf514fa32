package dev.gatehouse.directory.change;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.AuditRecord;
import dev.gatehouse.directory.store.Session;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A transaction in which somebody changes the directory; nobody else does meanwhile. */
public final class Writing {
    private final Session session;
    private final Actor actor;
    private final Instant now;

    @Nullable
    private JsonNode before;

    @Nullable
    private JsonNode after;

    Writing(Session session, Actor actor, Instant now) {
        this.session = session;
        this.actor = actor;
        this.now = now;
    }

    public Session session() {
        return session;
    }

    /** When the change is made. */
    public Instant now() {
        return now;
    }

    /**
     * Notes a change in the audit log.
     *
     * @param subject the id or name of what was changed
     * @param was as it may be shown; null when there was nothing
     * @param is as it may be shown; null when nothing is left
     */
    public void note(
            String operation, String subject, @Nullable TenantId tenant, @Nullable Object was, @Nullable Object is) {
        before = was == null ? null : Json.MAPPER.valueToTree(was);
        after = is == null ? null : Json.MAPPER.valueToTree(is);
        session.audit()
                .insert(new AuditRecord(
                        0,
                        now,
                        actor.name(),
                        operation,
                        subject,
                        tenant == null ? null : tenant.value(),
                        actor.reason(),
                        actor.requestId(),
                        before,
                        after));
    }

    /** What the last noted change found; null when it found nothing, or nothing was changed. */
    public @Nullable JsonNode before() {
        return before;
    }

    /** What the last noted change left; null when it left nothing, or nothing was changed. */
    public @Nullable JsonNode after() {
        return after;
    }
}
