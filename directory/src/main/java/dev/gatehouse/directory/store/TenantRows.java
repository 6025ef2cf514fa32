package dev.gatehouse.directory.store;

import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.directory.UnusableEntry;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.LimitOverride;
import dev.gatehouse.kernel.tenant.TenantStatus;
import dev.gatehouse.runtime.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The table of tenants. */
public final class TenantRows {
    private final Handle handle;

    TenantRows(Handle handle) {
        this.handle = handle;
    }

    public Optional<Tenant> find(TenantId id) {
        return handle.createQuery("SELECT * FROM tenant WHERE tenant_id = :id")
                .bind("id", id.value())
                .map((row, context) -> tenant(row))
                .findOne();
    }

    public Optional<Tenant> findBySlug(String slug) {
        return handle.createQuery("SELECT * FROM tenant WHERE slug = :slug")
                .bind("slug", slug)
                .map((row, context) -> tenant(row))
                .findOne();
    }

    /**
     * @param after null for the first page
     * @param plan null for any
     * @param status null for any
     */
    public List<Tenant> page(
            @Nullable TenantId after, @Nullable String plan, @Nullable TenantStatus status, int limit) {
        return handle.createQuery("""
                        SELECT * FROM tenant
                        WHERE tenant_id > :after AND (:plan::text IS NULL OR plan = :plan)
                          AND (:status::text IS NULL OR status = :status)
                        ORDER BY tenant_id LIMIT :limit
                        """)
                .bind("after", after == null ? "" : after.value())
                .bind("plan", plan)
                .bind("status", status == null ? null : status.name())
                .bind("limit", limit)
                .map((row, context) -> tenant(row))
                .list();
    }

    public Changed<Tenant> changedAfter(long version) {
        return Changed.read(
                handle.createQuery("SELECT * FROM tenant WHERE version > :version ORDER BY version")
                        .bind("version", version),
                UnusableEntry.Kind.TENANT,
                "tenant_id",
                null,
                TenantRows::tenant);
    }

    /** How many tenants there are on a plan. */
    public long countOnPlan(String plan) {
        return handle.createQuery("SELECT count(*) FROM tenant WHERE plan = :plan")
                .bind("plan", plan)
                .mapTo(Long.class)
                .one();
    }

    /** Gives every tenant of these plans the version, as what gateways know of them has changed. */
    public void touch(Set<String> plans, long version) {
        handle.createUpdate("UPDATE tenant SET version = :version WHERE plan IN (<plans>)")
                .bind("version", version)
                .bindList("plans", List.copyOf(plans))
                .execute();
    }

    public void insert(Tenant tenant) {
        bind(handle.createUpdate("""
                        INSERT INTO tenant (tenant_id, slug, name, status, plan, daily, refill_per_minute, burst,
                                            override_until, pools, spend_capped, created_at, version)
                        VALUES (:id, :slug, :name, :status, :plan, :daily, :refill, :burst, :until, :pools::jsonb,
                                :capped, :created, :version)
                        """), tenant).execute();
    }

    public void update(Tenant tenant) {
        bind(handle.createUpdate("""
                        UPDATE tenant SET slug = :slug, name = :name, status = :status, plan = :plan, daily = :daily,
                               refill_per_minute = :refill, burst = :burst, override_until = :until,
                               pools = :pools::jsonb, spend_capped = :capped, created_at = :created, version = :version
                        WHERE tenant_id = :id
                        """), tenant).execute();
    }

    private static <S extends SqlStatement<S>> S bind(S statement, Tenant tenant) {
        LimitOverride override = tenant.override();
        return statement
                .bind("id", tenant.id().value())
                .bind("slug", tenant.slug())
                .bind("name", tenant.name())
                .bind("status", tenant.status().name())
                .bind("plan", tenant.plan())
                .bind("daily", override == null ? null : override.daily())
                .bind("refill", override == null ? null : override.refillPerMinute())
                .bind("burst", override == null ? null : override.burst())
                .bind("until", override == null ? null : Columns.utc(override.until()))
                .bind("pools", Json.text(new TreeMap<>(tenant.pools())))
                .bind("capped", tenant.spendCapped())
                .bind("created", Columns.utc(tenant.createdAt()))
                .bind("version", tenant.version());
    }

    private static Tenant tenant(ResultSet row) throws SQLException {
        Map<String, String> pools = new TreeMap<>();
        Json.tree(row.getString("pools"))
                .properties()
                .forEach(pool -> pools.put(pool.getKey(), pool.getValue().asText()));
        return new Tenant(
                new TenantId(row.getString("tenant_id")),
                row.getString("slug"),
                row.getString("name"),
                TenantStatus.valueOf(row.getString("status")),
                row.getString("plan"),
                override(row),
                pools,
                row.getBoolean("spend_capped"),
                Columns.instant(row, "created_at"),
                row.getLong("version"));
    }

    private static @Nullable LimitOverride override(ResultSet row) throws SQLException {
        Long daily = Columns.maybeLong(row, "daily");
        Long refill = Columns.maybeLong(row, "refill_per_minute");
        Long burst = Columns.maybeLong(row, "burst");
        Instant until = Columns.maybeInstant(row, "override_until");
        return daily == null && refill == null && burst == null ? null : new LimitOverride(daily, refill, burst, until);
    }
}
