package dev.gatehouse.metering.store;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.MalformedUsageException;
import dev.gatehouse.kernel.usage.RefusalTally;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.metering.audit.Finding;
import dev.gatehouse.metering.audit.Verification;
import dev.gatehouse.metering.ledger.BatchHash;
import dev.gatehouse.metering.ledger.LedgerEvent.Lateness;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.sql.DataSource;

/**
 * Walks each shard's chain from its first batch: hashes every row again, compares each link with the one before, each row's
 * columns with its frame, and every rollup with the rows it sums. Rows stream; memory does not grow with the ledger.
 */
public final class LedgerWalk {
    private static final int MAX_FINDINGS = 100;
    private static final int FETCH = 5_000;

    private static final String ROWS = """
            SELECT e.batch, 1 AS kind, n.text COLLATE "C" AS producer, e.epoch, e.seq, e.frame, e.cost, e.charged, e.status,
                e.flags, NULL::timestamptz AS second, 0::bigint AS count, NULL AS tenant_id, NULL AS key_id, NULL AS code
            FROM usage_event e JOIN name n ON n.no = e.producer WHERE e.shard = ?
            UNION ALL
            SELECT e.batch, 2, n.text COLLATE "C", e.epoch, e.seq, e.frame, e.cost, e.charged, e.status, e.flags, NULL, 0,
                NULL, NULL, NULL
            FROM late_event e JOIN name n ON n.no = e.producer WHERE e.shard = ?
            UNION ALL
            SELECT r.batch, 3, n.text COLLATE "C", r.epoch, r.seq, NULL, 0, 0, 0, 0, r.second, r.count, t.tenant_id, k.text,
                c.text
            FROM refusal r JOIN name n ON n.no = r.producer LEFT JOIN tenant t ON t.no = r.tenant
                LEFT JOIN name k ON k.no = r.key JOIN name c ON c.no = r.code WHERE r.shard = ?
            ORDER BY 1, 2, 3, 4, 5
            """;

    private static final String ROLLUP = """
            WITH raw AS (
                SELECT date_trunc(?, e.at, 'UTC') AS slot, t.tenant_id, e.operation, e.key, e.status, e.plan,
                    e.flags & 1 <> 0 AS live, e.shard, count(*) AS calls, sum(e.charged) AS units,
                    count(*) FILTER (WHERE e.flags & 2 <> 0) AS billable_calls,
                    coalesce(sum(e.charged) FILTER (WHERE e.flags & 2 <> 0), 0) AS billable_units,
                    count(*) FILTER (WHERE e.flags & 4 <> 0) AS late_calls
                FROM usage_event e JOIN tenant t ON t.no = e.tenant
                GROUP BY 1, 2, 3, 4, 5, 6, 7, 8)
            SELECT coalesce(raw.tenant_id, r.tenant_id), coalesce(raw.slot, r.slot), raw.calls, r.calls, raw.units, r.units
            FROM raw FULL JOIN (SELECT * FROM rollup WHERE grain = ? AND slot >= ?) r
                USING (slot, tenant_id, operation, key, status, plan, live, shard)
            WHERE (raw.slot IS NULL OR raw.slot >= ?) AND (raw.calls IS DISTINCT FROM r.calls
                OR raw.units IS DISTINCT FROM r.units OR raw.billable_calls IS DISTINCT FROM r.billable_calls
                OR raw.billable_units IS DISTINCT FROM r.billable_units OR raw.late_calls IS DISTINCT FROM r.late_calls)
            LIMIT 20
            """;

    private final DataSource database;
    private final List<Finding> findings = new ArrayList<>();
    private long batches;
    private long events;
    private long refusals;
    private long notKept;

    public LedgerWalk(DataSource database) {
        this.database = database;
    }

    public Verification walk() throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try {
                PostgresLedgerStore.asSystem(connection);
                for (int shard : shards(connection)) {
                    chain(connection, shard);
                }
                OffsetDateTime kept = keptFrom(connection);
                for (RollupSums.Grain grain : RollupSums.Grain.values()) {
                    rollup(connection, grain, kept);
                }
            } finally {
                connection.rollback();
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                connection.setAutoCommit(true);
            }
        }
        return new Verification(batches, events, refusals, notKept, findings);
    }

    private static List<Integer> shards(Connection connection) throws SQLException {
        List<Integer> shards = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT shard FROM shard ORDER BY shard")) {
            while (rows.next()) {
                shards.add(rows.getInt(1));
            }
        }
        return shards;
    }

    /** From the first day on of which raw rows and minute rollups are both kept. */
    private static OffsetDateTime keptFrom(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT coalesce(greatest((SELECT min(day) FROM partitions('usage_event') day)::timestamp
                            AT TIME ZONE 'UTC', (SELECT date_trunc('day', min(slot), 'UTC') FROM rollup WHERE grain = 1)),
                            '2020-01-01T00:00:00Z')
                        """)) {
            row.next();
            return row.getObject(1, OffsetDateTime.class);
        }
    }

    private void chain(Connection connection, int shard) throws SQLException {
        try (Statement links = connection.createStatement();
                PreparedStatement rows = connection.prepareStatement(ROWS)) {
            links.setFetchSize(FETCH);
            rows.setFetchSize(FETCH);
            for (int i = 1; i <= 3; i++) {
                rows.setInt(i, shard);
            }
            try (ResultSet link = links.executeQuery("SELECT number, events + refusals + late, content, hash FROM batch"
                            + " WHERE shard = " + shard + " ORDER BY number");
                    ResultSet row = rows.executeQuery()) {
                byte[] previous = new byte[BatchHash.LENGTH];
                long expected = 1;
                boolean more = row.next();
                while (link.next()) {
                    long number = link.getLong(1);
                    String where = "shard " + shard + " batch " + number;
                    if (number != expected) {
                        find(where, "batch " + expected + " is missing");
                    }
                    while (more && row.getLong("batch") < number) {
                        find(where, "a row belongs to batch " + row.getLong("batch") + ", which is not there");
                        more = row.next();
                    }
                    BatchHash hash = new BatchHash();
                    long found = 0;
                    while (more && row.getLong("batch") == number) {
                        take(row, hash, where);
                        found++;
                        more = row.next();
                    }
                    compare(where, link, found, hash.content());
                    byte[] stored = link.getBytes(4);
                    if (!Arrays.equals(stored, BatchHash.link(previous, shard, number, link.getBytes(3)))) {
                        find(where, "its hash does not follow from the batch before");
                    }
                    previous = stored;
                    expected = number + 1;
                    batches++;
                }
                while (more) {
                    find("shard " + shard, "a row belongs to batch " + row.getLong("batch") + ", which is not there");
                    more = row.next();
                }
                head(connection, shard, expected, previous);
            }
        }
    }

    private void compare(String where, ResultSet link, long found, byte[] content) throws SQLException {
        if (found == 0 && link.getLong(2) > 0) {
            notKept++;
        } else if (found != link.getLong(2)) {
            find(where, "it has " + found + " rows and was written with " + link.getLong(2));
        } else if (!Arrays.equals(content, link.getBytes(3))) {
            find(where, "its rows hash to " + HexFormat.of().formatHex(content, 0, 8) + "…, not to what was written");
        }
    }

    private void head(Connection connection, int shard, long expected, byte[] last) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT next_batch, chain FROM shard WHERE shard = " + shard)) {
            if (row.next() && (row.getLong(1) != expected || !Arrays.equals(row.getBytes(2), last))) {
                find(
                        "shard " + shard,
                        "the chain ends at batch " + (expected - 1) + ", its head says " + row.getLong(1));
            }
        }
    }

    private void take(ResultSet row, BatchHash hash, String where) throws SQLException {
        String producer = row.getString("producer");
        long epoch = row.getLong("epoch");
        long seq = row.getLong("seq");
        int kind = row.getInt("kind");
        if (kind == 3) {
            refusals++;
            String tenant = row.getString("tenant_id");
            String key = row.getString("key_id");
            hash.refusal(new RefusalTally(
                    producer,
                    epoch,
                    seq,
                    tenant == null ? null : new TenantId(tenant),
                    key == null ? null : new KeyId(key),
                    row.getString("code"),
                    row.getObject("second", OffsetDateTime.class).toInstant(),
                    row.getLong("count")));
            return;
        }
        events++;
        byte[] frame = row.getBytes("frame");
        hash.event(producer, epoch, seq, frame, 0, frame.length);
        try {
            UsageEvent event = UsageEventCodec.decode(producer, epoch, seq, frame, 0, frame.length);
            int flags = row.getInt("flags");
            int expected = RawRows.flags(event, (flags & RawRows.LATE) != 0 ? Lateness.LATE : Lateness.IN_TIME);
            if (event.cost() != row.getLong("cost")
                    || event.charged() != row.getLong("charged")
                    || event.status() != row.getInt("status")
                    || expected != flags) {
                find(where, producer + " " + epoch + "/" + seq + ": its columns are not what its frame says");
            }
        } catch (MalformedUsageException e) {
            find(where, producer + " " + epoch + "/" + seq + " cannot be read: " + e.getMessage());
        }
    }

    private void rollup(Connection connection, RollupSums.Grain grain, OffsetDateTime kept) throws SQLException {
        try (PreparedStatement compare = connection.prepareStatement(ROLLUP)) {
            compare.setString(1, grain.name().toLowerCase(java.util.Locale.ROOT));
            compare.setInt(2, grain.code());
            compare.setObject(3, kept);
            compare.setObject(4, kept);
            try (ResultSet rows = compare.executeQuery()) {
                while (rows.next()) {
                    find(
                            rows.getString(1) + " " + grain + " " + rows.getString(2),
                            "raw " + rows.getString(3) + " calls, " + rows.getString(5) + " units; rollup "
                                    + rows.getString(4) + " calls, " + rows.getString(6) + " units");
                }
            }
        }
    }

    private void find(String where, String what) {
        if (findings.size() < MAX_FINDINGS) {
            findings.add(new Finding(where, what));
        }
    }
}
