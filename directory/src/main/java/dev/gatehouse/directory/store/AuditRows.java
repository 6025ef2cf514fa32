package dev.gatehouse.directory.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.directory.AuditRecord;
import dev.gatehouse.directory.PlanChange;
import dev.gatehouse.directory.Suspension;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The audit log. Rows are only ever added. */
public final class AuditRows {
    private final Handle handle;

    AuditRows(Handle handle) {
        this.handle = handle;
    }

    /** Its id is given by the table. */
    public void insert(AuditRecord audit) {
        handle.createUpdate("""
                        INSERT INTO audit (at, actor, operation, subject, tenant_id, reason, request_id, before, after)
                        VALUES (:at, :actor, :operation, :subject, :tenant, :reason, :request, :before::jsonb, :after::jsonb)
                        """)
                .bind("at", Columns.utc(audit.at()))
                .bind("actor", audit.actor())
                .bind("operation", audit.operation())
                .bind("subject", audit.subject())
                .bind("tenant", audit.tenant())
                .bind("reason", audit.reason())
                .bind("request", audit.requestId())
                .bind("before", audit.before() == null ? null : Json.text(audit.before()))
                .bind("after", audit.after() == null ? null : Json.text(audit.after()))
                .execute();
    }

    /**
     * Newest first.
     *
     * @param tenant null for every change
     * @param before the last id of the page before; null for the first page
     */
    public List<AuditRecord> page(@Nullable TenantId tenant, @Nullable Long before, int limit) {
        return handle.createQuery("""
                        SELECT * FROM audit
                        WHERE audit_id < :before AND (:tenant::text IS NULL OR tenant_id = :tenant)
                        ORDER BY audit_id DESC LIMIT :limit
                        """)
                .bind("before", before == null ? Long.MAX_VALUE : before)
                .bind("tenant", tenant == null ? null : tenant.value())
                .bind("limit", limit)
                .map((row, context) -> audit(row))
                .list();
    }

    /** Which plan a tenant was on and since when: each change of it is an entry here. */
    public List<PlanChange> plans(TenantId tenant) {
        return handle.createQuery("""
                        SELECT at, after ->> 'plan' AS plan FROM audit
                        WHERE tenant_id = :tenant AND operation IN ('createTenant', 'setTenantPlan')
                        ORDER BY audit_id
                        """)
                .bind("tenant", tenant.value())
                .map((row, context) -> new PlanChange(Columns.instant(row, "at"), row.getString("plan")))
                .list();
    }

    /** When a tenant was suspended, in the order of time. */
    public List<Suspension> suspensions(TenantId tenant) {
        return handle.createQuery("""
                        SELECT at, until FROM (
                            SELECT audit_id, operation, at, lead(at) OVER (ORDER BY audit_id) AS until FROM audit
                            WHERE tenant_id = :tenant AND operation IN ('suspendTenant', 'resumeTenant')) AS each
                        WHERE operation = 'suspendTenant' ORDER BY audit_id
                        """)
                .bind("tenant", tenant.value())
                .map((row, context) -> new Suspension(Columns.instant(row, "at"), Columns.maybeInstant(row, "until")))
                .list();
    }

    private static AuditRecord audit(ResultSet row) throws SQLException {
        return new AuditRecord(
                row.getLong("audit_id"),
                Columns.instant(row, "at"),
                row.getString("actor"),
                row.getString("operation"),
                row.getString("subject"),
                row.getString("tenant_id"),
                row.getString("reason"),
                row.getString("request_id"),
                tree(row.getString("before")),
                tree(row.getString("after")));
    }

    private static @Nullable JsonNode tree(@Nullable String json) {
        return json == null ? null : Json.tree(json);
    }
}
