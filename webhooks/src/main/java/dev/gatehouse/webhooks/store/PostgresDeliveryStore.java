package dev.gatehouse.webhooks.store;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.webhooks.delivery.DeliveryStore;
import dev.gatehouse.webhooks.delivery.Due;
import dev.gatehouse.webhooks.delivery.Finished;
import dev.gatehouse.webhooks.delivery.Health;
import dev.gatehouse.webhooks.delivery.Judge;
import dev.gatehouse.webhooks.delivery.Target;
import dev.gatehouse.webhooks.signature.SecretBox;
import dev.gatehouse.webhooks.signature.Signer;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Deliveries in PostgreSQL, which holds the truth and the timer; queues only point here. */
public final class PostgresDeliveryStore implements DeliveryStore {
    private static final String DUE = """
            WITH mine AS (
                SELECT id FROM delivery d
                WHERE endpoint_id = :endpoint AND status = 'pending' AND due_at <= :now
                  AND (claimed_until IS NULL OR claimed_until < clock_timestamp())
            """;

    private static final String FIRST_OF_ITS_KEY = """
            AND (order_key IS NULL OR NOT EXISTS (
                SELECT FROM delivery before
                WHERE before.endpoint_id = d.endpoint_id AND before.order_key = d.order_key
                  AND before.status = 'pending' AND before.sequence < d.sequence))
            """;

    private static final String CLAIM = """
                ORDER BY due_at, id LIMIT :limit FOR UPDATE SKIP LOCKED
            ), claimed AS (
                UPDATE delivery d SET claim = :claim,
                    claimed_until = clock_timestamp() + :lease * interval '1 millisecond' FROM mine WHERE d.id = mine.id
                RETURNING d.id, d.tenant_id, d.message_id, d.attempts, d.order_key
            )
            SELECT c.id, c.tenant_id, c.message_id, c.attempts, c.order_key, m.payload
            FROM claimed c JOIN message m ON m.id = c.message_id
            """;

    private static final String CLAIM_ANY = DUE + CLAIM;
    private static final String CLAIM_IN_ORDER = DUE + FIRST_OF_ITS_KEY + CLAIM;

    private final Database database;
    private final SecretBox box;

    public PostgresDeliveryStore(Database database, SecretBox box) {
        this.database = database;
        this.box = box;
    }

    @Override
    public Optional<Target> target(String endpoint, Instant now) {
        return database.<Optional<Target>, RuntimeException>asSystem(handle -> handle.createQuery("""
                        SELECT id, tenant_id, url, status, ordered, secret, open_until,
                            ARRAY(SELECT r.secret FROM retired_secret r WHERE r.endpoint_id = endpoint.id
                                  AND r.good_until > :now ORDER BY r.good_until DESC) AS retired
                        FROM endpoint WHERE id = :id AND status <> 'deleted'
                        """)
                .bind("id", endpoint)
                .bind("now", Timestamp.from(now))
                .map((row, context) -> {
                    List<Signer> signers = new ArrayList<>();
                    signers.add(box.open(endpoint, row.getBytes("secret")));
                    for (byte[] retired : (byte[][]) row.getArray("retired").getArray()) {
                        signers.add(box.open(endpoint, retired));
                    }
                    return new Target(
                            endpoint,
                            new TenantId(row.getString("tenant_id")),
                            row.getString("url"),
                            row.getString("status").equals("enabled"),
                            row.getBoolean("ordered"),
                            signers,
                            instant(row.getTimestamp("open_until")));
                })
                .findOne());
    }

    @Override
    public List<Due> claim(Wanted wanted, String claim, Instant now, Duration lease, int limit) {
        String endpoint = wanted.endpoint();
        return database.<List<Due>, RuntimeException>asSystem(handle -> handle.createQuery(
                        wanted.inOrder() ? CLAIM_IN_ORDER : CLAIM_ANY)
                .bind("endpoint", endpoint)
                .bind("claim", claim)
                .bind("now", Timestamp.from(now))
                .bind("lease", lease.toMillis())
                .bind("limit", limit)
                .map((row, context) -> new Due(
                        row.getString("id"),
                        new TenantId(row.getString("tenant_id")),
                        endpoint,
                        claim,
                        row.getString("message_id"),
                        row.getInt("attempts"),
                        row.getString("payload"),
                        row.getString("order_key")))
                .list());
    }

    @Override
    public boolean takeProbe(String endpoint, Instant openUntil, Instant next) {
        return database.<Boolean, RuntimeException>asSystem(handle ->
                handle.createUpdate("UPDATE endpoint SET open_until = :next WHERE id = :id AND open_until = :seen")
                                .bind("next", Timestamp.from(next))
                                .bind("id", endpoint)
                                .bind("seen", Timestamp.from(openUntil))
                                .execute()
                        == 1);
    }

    private record Standing(TenantId tenant, String url, Health health) {}

    @Override
    public Recorded record(List<Finished> finished, Judge judge) {
        return database.<Recorded, RuntimeException>asSystem(transaction -> {
            Map<String, Standing> before = standings(transaction, finished);
            Map<String, Health> health = new HashMap<>();
            before.forEach((id, standing) -> health.put(id, standing.health()));
            Map<String, String> disable = new LinkedHashMap<>();
            Map<String, Again> again = new LinkedHashMap<>();
            Map<String, Again> freed = new LinkedHashMap<>();
            ResultRows rows = new ResultRows();
            for (Finished one : finished) {
                String endpoint = one.due().endpoint();
                Judge.Judged judged = judge.judge(health.getOrDefault(endpoint, Health.GOOD), one);
                health.put(endpoint, judged.health());
                if (judged.disable() != null) {
                    disable.putIfAbsent(endpoint, judged.disable());
                }
                rows.add(one, judged.verdict());
                Instant dueAt = ResultRows.dueAgain(judged.verdict());
                if (dueAt != null) {
                    again.putIfAbsent(
                            endpoint + dueAt.getEpochSecond(),
                            new Again(endpoint, one.due().tenant(), dueAt));
                }
                if (one.due().order() != null && ResultRows.isOver(judged.verdict())) {
                    freed.putIfAbsent(endpoint, new Again(endpoint, one.due().tenant(), one.at()));
                }
            }
            rows.write(transaction);
            List<String> recovered = new ArrayList<>();
            for (Map.Entry<String, Standing> entry : before.entrySet()) {
                Health old = entry.getValue().health();
                Health now = health.getOrDefault(entry.getKey(), old);
                if (!now.equals(old)) {
                    write(transaction, entry.getKey(), now);
                }
                if (old.isOpen() && !now.isOpen()) {
                    recovered.add(entry.getKey());
                }
            }
            offerAgain(transaction, again.values());
            List<Disabled> disabled = new ArrayList<>();
            disable.forEach((id, reason) -> {
                Standing standing = before.get(id);
                Instant at = finished.getLast().at();
                if (standing != null && EndpointRows.disable(transaction, id, reason, at)) {
                    disabled.add(new Disabled(id, standing.tenant(), standing.url(), reason));
                }
            });
            // last, as the outbox's counter stays locked until the commit
            disabled.forEach(gone ->
                    EndpointRows.tell(transaction, gone, finished.getLast().at()));
            return new Recorded(List.copyOf(again.values()), recovered, List.copyOf(freed.values()), disabled);
        });
    }

    /** Endpoints that do well and have only successes are not locked: their rows do not change. */
    private static Map<String, Standing> standings(Handle transaction, List<Finished> finished) {
        String[] failing = finished.stream()
                .filter(one -> !one.isSuccess())
                .map(one -> one.due().endpoint())
                .distinct()
                .toArray(String[]::new);
        String[] all =
                finished.stream().map(one -> one.due().endpoint()).distinct().toArray(String[]::new);
        Map<String, Standing> standings = new LinkedHashMap<>();
        transaction
                .createQuery("""
                        SELECT id, tenant_id, url, failing_since, failures, last_failed, open_until, trips FROM endpoint
                        WHERE id = ANY(:all) AND (id = ANY(:failing) OR failing_since IS NOT NULL OR open_until IS NOT NULL)
                        ORDER BY id FOR UPDATE
                        """)
                .bindArray("all", String.class, (Object[]) all)
                .bindArray("failing", String.class, (Object[]) failing)
                .map((row, context) -> Map.entry(
                        row.getString("id"),
                        new Standing(
                                new TenantId(row.getString("tenant_id")),
                                row.getString("url"),
                                new Health(
                                        instant(row.getTimestamp("failing_since")),
                                        row.getInt("failures"),
                                        row.getString("last_failed"),
                                        instant(row.getTimestamp("open_until")),
                                        row.getInt("trips")))))
                .forEach(entry -> standings.put(entry.getKey(), entry.getValue()));
        return standings;
    }

    /** What is tried again is offered as soon as it is due, however lately the timer has offered what was due before. */
    private static void offerAgain(Handle transaction, Collection<Again> again) {
        if (again.isEmpty()) {
            return;
        }
        transaction
                .createUpdate(
                        "UPDATE endpoint SET offered_until = NULL WHERE id = ANY(:ids) AND offered_until IS NOT NULL")
                .bindArray(
                        "ids",
                        String.class,
                        again.stream().map(Again::endpoint).distinct().toArray())
                .execute();
    }

    private static void write(Handle transaction, String endpoint, Health health) {
        transaction
                .createUpdate("""
                        UPDATE endpoint SET failing_since = :since, failures = :failures, last_failed = :last,
                            open_until = :until, trips = :trips
                        WHERE id = :id
                        """)
                .bind("since", timestamp(health.failingSince()))
                .bind("failures", health.failures())
                .bind("last", health.lastFailed())
                .bind("until", timestamp(health.openUntil()))
                .bind("trips", health.trips())
                .bind("id", endpoint)
                .execute();
    }

    @Override
    public List<Again> overdue(Instant dueBefore, Instant now, Duration offered) {
        return database.<List<Again>, RuntimeException>asSystem(handle -> handle.createQuery("""
                        UPDATE endpoint e SET offered_until = clock_timestamp() + :offered * interval '1 millisecond'
                        WHERE e.status = 'enabled' AND (e.offered_until IS NULL OR e.offered_until < clock_timestamp())
                          AND (e.open_until IS NULL OR e.open_until <= :now)
                          AND EXISTS (SELECT FROM delivery d WHERE d.endpoint_id = e.id AND d.status = 'pending'
                              AND d.due_at <= :dueBefore
                              AND (d.claimed_until IS NULL OR d.claimed_until < clock_timestamp()))
                        RETURNING e.id, e.tenant_id
                        """)
                .bind("offered", offered.toMillis())
                .bind("now", Timestamp.from(now))
                .bind("dueBefore", Timestamp.from(dueBefore))
                .map((row, context) -> new Again(row.getString("id"), new TenantId(row.getString("tenant_id")), now))
                .list());
    }

    @Override
    public List<TenantId> tenants() {
        return database.<List<TenantId>, RuntimeException>asSystem(
                handle -> handle.createQuery("SELECT DISTINCT tenant_id FROM endpoint")
                        .map((row, context) -> new TenantId(row.getString(1)))
                        .list());
    }

    @Override
    public int forget(TenantId tenant, Instant finishedBefore, int limit) {
        return database.<Integer, RuntimeException>asTenant(
                tenant,
                handle -> handle.createQuery("""
                        WITH over AS (
                            SELECT id FROM delivery
                            WHERE tenant_id = :tenant AND status <> 'pending' AND finished_at < :before
                            ORDER BY finished_at LIMIT :limit FOR UPDATE SKIP LOCKED
                        ), gone AS (
                            DELETE FROM delivery d USING over WHERE d.id = over.id RETURNING d.id
                        ), attempts AS (
                            DELETE FROM attempt a USING gone WHERE a.delivery_id = gone.id
                        )
                        SELECT count(*) FROM gone
                        """)
                        .bind("tenant", tenant.value())
                        .bind("before", Timestamp.from(finishedBefore))
                        .bind("limit", limit)
                        .mapTo(Integer.class)
                        .one());
    }

    @Override
    public int forgetMessages(Instant madeBefore, int limit) {
        return database.<Integer, RuntimeException>asSystem(handle -> handle.createUpdate("""
                        DELETE FROM message WHERE id IN (
                            SELECT m.id FROM message m
                            WHERE m.created_at < :before AND NOT EXISTS (SELECT FROM delivery d WHERE d.message_id = m.id)
                            ORDER BY m.created_at LIMIT :limit)
                        """)
                .bind("before", Timestamp.from(madeBefore))
                .bind("limit", limit)
                .execute());
    }

    static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    static @Nullable Timestamp timestamp(@Nullable Instant time) {
        return time == null ? null : Timestamp.from(time);
    }
}
