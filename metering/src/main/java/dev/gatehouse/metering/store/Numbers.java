package dev.gatehouse.metering.store;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.RefusalTally;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.metering.ledger.LedgerBatch;
import dev.gatehouse.metering.ledger.LedgerEvent;
import dev.gatehouse.metering.ledger.Sequence;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that stand in the ledger's rows for texts that recur. New texts get theirs in a transaction before the
 * batch's, so that a number once seen is good whatever becomes of the batch. Safe for threads.
 */
final class Numbers {
    /** What a text names. */
    enum Kind {
        PRODUCER("producer"),
        KEY("key"),
        PLAN("plan"),
        CODE("code");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** An operation of a version of a service. */
    record Operation(String service, String version, String operation) {}

    private record Name(Kind kind, String text) {}

    private final Map<Name, Integer> names = new ConcurrentHashMap<>();
    private final Map<TenantId, Integer> tenants = new ConcurrentHashMap<>();
    private final Map<Operation, Integer> operations = new ConcurrentHashMap<>();

    int of(Kind kind, String text) {
        return known(names.get(new Name(kind, text)), text);
    }

    int tenant(TenantId tenant) {
        return known(tenants.get(tenant), tenant);
    }

    int operation(UsageEvent event) {
        return known(operations.get(operationOf(event)), event.operation());
    }

    private static int known(@Nullable Integer number, Object what) {
        if (number == null) {
            throw new IllegalStateException(what + " has no number yet");
        }
        return number;
    }

    private static Operation operationOf(UsageEvent event) {
        return new Operation(event.service(), event.version(), event.operation());
    }

    /** Gives every text of the batch its number. The connection is in no transaction, and in none afterwards. */
    void learn(Connection connection, LedgerBatch batch) throws SQLException {
        Set<Name> newNames = new HashSet<>();
        Set<TenantId> newTenants = new HashSet<>();
        Set<Operation> newOperations = new HashSet<>();
        for (LedgerEvent row : batch.events()) {
            gather(row.event(), newNames, newTenants, newOperations);
        }
        for (LedgerEvent row : batch.pastWindow()) {
            gather(row.event(), newNames, newTenants, newOperations);
        }
        for (RefusalTally tally : batch.refusals()) {
            gather(new Name(Kind.CODE, tally.code()), newNames);
            gather(new Name(Kind.PRODUCER, tally.producer()), newNames);
            if (tally.key() != null) {
                gather(new Name(Kind.KEY, tally.key().value()), newNames);
            }
            if (tally.tenant() != null && !tenants.containsKey(tally.tenant())) {
                newTenants.add(tally.tenant());
            }
        }
        for (Sequence sequence : batch.added().keySet()) {
            gather(new Name(Kind.PRODUCER, sequence.producer()), newNames);
        }
        batch.ends().keySet().forEach(s -> gather(new Name(Kind.PRODUCER, s.producer()), newNames));
        batch.gaps()
                .forEach(gap -> gather(new Name(Kind.PRODUCER, gap.sequence().producer()), newNames));
        batch.marks().keySet().forEach(producer -> gather(new Name(Kind.PRODUCER, producer), newNames));
        if (newNames.isEmpty() && newTenants.isEmpty() && newOperations.isEmpty()) {
            return;
        }
        connection.setAutoCommit(false);
        try {
            PostgresLedgerStore.asSystem(connection);
            Map<Name, Integer> learntNames = insertNames(connection, newNames);
            Map<TenantId, Integer> learntTenants = insertTenants(connection, newTenants);
            Map<Operation, Integer> learntOperations = insertOperations(connection, newOperations);
            connection.commit();
            names.putAll(learntNames);
            tenants.putAll(learntTenants);
            operations.putAll(learntOperations);
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private void gather(UsageEvent event, Set<Name> newNames, Set<TenantId> newTenants, Set<Operation> newOperations) {
        gather(new Name(Kind.KEY, event.key().value()), newNames);
        gather(new Name(Kind.PLAN, event.plan()), newNames);
        if (!tenants.containsKey(event.tenant())) {
            newTenants.add(event.tenant());
        }
        Operation operation = operationOf(event);
        if (!operations.containsKey(operation)) {
            newOperations.add(operation);
        }
    }

    private void gather(Name name, Set<Name> newNames) {
        if (!names.containsKey(name)) {
            newNames.add(name);
        }
    }

    private static Map<Name, Integer> insertNames(Connection connection, Set<Name> fresh) throws SQLException {
        Map<Name, Integer> learnt = new HashMap<>();
        for (Name name : fresh) {
            learnt.put(name, number(connection, """
                            WITH made AS (
                                INSERT INTO name (kind, text) VALUES (?, ?) ON CONFLICT (kind, text) DO NOTHING RETURNING no)
                            SELECT no FROM made UNION ALL SELECT no FROM name WHERE kind = ? AND text = ? LIMIT 1
                            """, name.kind().text(), name.text()));
        }
        return learnt;
    }

    private static Map<TenantId, Integer> insertTenants(Connection connection, Set<TenantId> fresh)
            throws SQLException {
        Map<TenantId, Integer> learnt = new HashMap<>();
        for (TenantId tenant : fresh) {
            learnt.put(tenant, number(connection, """
                            WITH made AS (
                                INSERT INTO tenant (tenant_id) VALUES (?) ON CONFLICT (tenant_id) DO NOTHING RETURNING no)
                            SELECT no FROM made UNION ALL SELECT no FROM tenant WHERE tenant_id = ? LIMIT 1
                            """, tenant.value()));
        }
        return learnt;
    }

    private static Map<Operation, Integer> insertOperations(Connection connection, Set<Operation> fresh)
            throws SQLException {
        Map<Operation, Integer> learnt = new HashMap<>();
        for (Operation operation : fresh) {
            learnt.put(
                    operation,
                    number(connection, """
                            WITH made AS (
                                INSERT INTO operation (service, version, operation) VALUES (?, ?, ?)
                                ON CONFLICT (service, version, operation) DO NOTHING RETURNING no)
                            SELECT no FROM made UNION ALL
                            SELECT no FROM operation WHERE service = ? AND version = ? AND operation = ? LIMIT 1
                            """, operation.service(), operation.version(), operation.operation()));
        }
        return learnt;
    }

    /** Runs a statement that takes the same texts twice. A text that another writer adds meanwhile is asked for again. */
    private static int number(Connection connection, String sql, String... texts) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < texts.length; i++) {
                statement.setString(i + 1, texts[i]);
                statement.setString(texts.length + i + 1, texts[i]);
            }
            for (int attempt = 0; attempt < 3; attempt++) {
                try (ResultSet rows = statement.executeQuery()) {
                    if (rows.next()) {
                        return rows.getInt(1);
                    }
                }
            }
        }
        throw new SQLException("no number for " + String.join(", ", texts));
    }
}
