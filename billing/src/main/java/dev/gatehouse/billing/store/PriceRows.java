package dev.gatehouse.billing.store;

import dev.gatehouse.billing.price.Catalogue;
import dev.gatehouse.billing.price.Catalogue.Listed;
import dev.gatehouse.billing.price.PriceFormat;
import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.billing.price.PriceOverride;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Price lists, tenants' own prices, and the currency in which each pays. */
public final class PriceRows {
    /** Where a price list came from. */
    public enum Origin {
        PLAN,
        FILE,
        OPERATOR;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Handle handle;

    private final ReadPrices read;

    PriceRows(Handle handle, ReadPrices read) {
        this.handle = handle;
        this.read = read;
    }

    /** By plan, currency and version. */
    public List<PriceList> lists() {
        return handle.createQuery("SELECT content FROM price_list ORDER BY plan, currency, version")
                .map((row, context) -> list(row))
                .list();
    }

    public Optional<PriceList> find(String plan, Currency currency, int version) {
        return handle.createQuery("SELECT content FROM price_list"
                        + " WHERE plan = :plan AND currency = :currency AND version = :version")
                .bind("plan", plan)
                .bind("currency", currency.getCurrencyCode())
                .bind("version", version)
                .map((row, context) -> list(row))
                .findOne();
    }

    private PriceList list(ResultSet row) throws SQLException {
        return read.list(row.getString("content"));
    }

    public void insert(PriceList list, Origin origin, Instant at, String by) {
        handle.createUpdate("""
                        INSERT INTO price_list (plan, currency, version, starts_at, content, origin, created_at, created_by)
                        VALUES (:plan, :currency, :version, :starts, :content::jsonb, :origin, :at, :by)
                        """)
                .bind("plan", list.plan())
                .bind("currency", list.currency().getCurrencyCode())
                .bind("version", list.version())
                .bind("starts", Columns.utc(list.startsAt()))
                .bind("content", Json.text(PriceFormat.write(list)))
                .bind("origin", origin.text())
                .bind("at", Columns.utc(at))
                .bind("by", by)
                .execute();
    }

    /** Whether any list of a plan came from the plan itself. */
    public boolean anyFromPlan(String plan) {
        return handle.createQuery("SELECT EXISTS (SELECT FROM price_list WHERE plan = :plan AND origin = 'plan')")
                .bind("plan", plan)
                .mapTo(Boolean.class)
                .one();
    }

    /** Whether the newest list of a plan and currency came from the plan itself. */
    public boolean isFromPlan(PriceList list) {
        return handle.createQuery("SELECT origin = 'plan' FROM price_list"
                        + " WHERE plan = :plan AND currency = :currency AND version = :version")
                .bind("plan", list.plan())
                .bind("currency", list.currency().getCurrencyCode())
                .bind("version", list.version())
                .mapTo(Boolean.class)
                .one();
    }

    /**
     * All that is kept of what a tenant pays.
     *
     * @param catalogue all prices that there are
     * @param overrides in the order of their making
     * @param agreements what it agreed to, in the order of their making
     */
    public record Kept(Catalogue catalogue, List<PriceOverride> overrides, List<AgreementRows.Row> agreements) {
        public Kept {
            overrides = List.copyOf(overrides);
            agreements = List.copyOf(agreements);
        }
    }

    /** All prices that there are. */
    public Catalogue catalogue() {
        return new Catalogue(handle.createQuery("SELECT content, created_at FROM price_list")
                .map((row, context) -> listed(row))
                .list());
    }

    private Listed listed(ResultSet row) throws SQLException {
        return new Listed(list(row), Columns.instant(row, "created_at"));
    }

    /** In one question, as it is asked for each look at a bill. */
    public Kept kept(TenantId tenant) {
        List<Listed> lists = new ArrayList<>();
        List<PriceOverride> overrides = new ArrayList<>();
        List<AgreementRows.Row> agreements = new ArrayList<>();
        handle.createQuery("""
                        SELECT 'list' AS part, content::text AS content, created_at, NULL AS override_id,
                            NULL::timestamptz AS until_at, NULL AS tenant_id, NULL::bigint AS place,
                            NULL::timestamptz AS since, NULL::timestamptz AS trial_until, NULL AS cause,
                            NULL::int AS plan_change
                        FROM price_list
                        UNION ALL
                        SELECT 'override', content::text, NULL, override_id, until_at, tenant_id, place, NULL, NULL, NULL, NULL
                        FROM price_override WHERE tenant_id = :tenant
                        UNION ALL
                        SELECT 'agreement', l.content::text, NULL, NULL, NULL, NULL, a.place, a.since, a.trial_until, a.cause,
                            a.plan_change
                        FROM agreement a LEFT JOIN price_list l USING (plan, currency, version)
                        WHERE a.tenant_id = :tenant
                        ORDER BY part, place
                        """)
                .bind("tenant", tenant.value())
                .map((row, context) -> switch (row.getString("part")) {
                    case "list" -> lists.add(listed(row));
                    case "override" -> overrides.add(override(row));
                    default -> agreements.add(agreement(row));
                })
                .forEach(part -> {});
        return new Kept(new Catalogue(lists), overrides, agreements);
    }

    private AgreementRows.Row agreement(ResultSet row) throws SQLException {
        return new AgreementRows.Row(
                row.getInt("place"),
                Columns.instant(row, "since"),
                row.getString("content") == null ? null : list(row),
                Columns.maybeInstant(row, "trial_until"),
                AgreementRows.Cause.valueOf(row.getString("cause").toUpperCase(Locale.ROOT)),
                row.getObject("plan_change", Integer.class));
    }

    public Optional<PriceOverride> override(TenantId tenant, String id) {
        return handle.createQuery("SELECT * FROM price_override WHERE tenant_id = :tenant AND override_id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map((row, context) -> override(row))
                .findOne();
    }

    private static PriceOverride override(ResultSet row) throws SQLException {
        PriceOverride stated = PriceFormat.readOverride(
                Json.tree(row.getString("content")),
                row.getString("override_id"),
                new TenantId(row.getString("tenant_id")));
        Instant until = Columns.maybeInstant(row, "until_at");
        return until == null ? stated : stated.endingAt(until);
    }

    /** The one that a request with this idempotency key made. */
    public Optional<PriceOverride> overrideByKey(String key) {
        return handle.createQuery("SELECT * FROM price_override WHERE request_key = :key")
                .bind("key", key)
                .map((row, context) -> override(row))
                .findOne();
    }

    /** @param key the request's idempotency key; null for none */
    public void insert(PriceOverride override, Instant at, String by, @Nullable String reason, @Nullable String key) {
        handle.createUpdate("""
                        INSERT INTO price_override (override_id, tenant_id, content, until_at, created_at, created_by, reason,
                            request_key)
                        VALUES (:id, :tenant, :content::jsonb, :until, :at, :by, :reason, :key)
                        """)
                .bind("id", override.id())
                .bind("tenant", override.tenant().value())
                .bind("content", Json.text(PriceFormat.write(override)))
                .bind("until", override.until() == null ? null : Columns.utc(override.until()))
                .bind("at", Columns.utc(at))
                .bind("by", by)
                .bind("reason", reason)
                .bind("key", key)
                .execute();
    }

    public void end(PriceOverride override, Instant until) {
        handle.createUpdate("UPDATE price_override SET until_at = :until WHERE override_id = :id")
                .bind("until", Columns.utc(until))
                .bind("id", override.id())
                .execute();
    }
}
