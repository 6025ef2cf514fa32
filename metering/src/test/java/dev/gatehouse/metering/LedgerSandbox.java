package dev.gatehouse.metering;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.metering.ledger.BatchAssembler;
import dev.gatehouse.metering.ledger.CommittedSequences;
import dev.gatehouse.metering.ledger.FencedException;
import dev.gatehouse.metering.ledger.Lease;
import dev.gatehouse.metering.ledger.LedgerBatch;
import dev.gatehouse.metering.ledger.LedgerRules;
import dev.gatehouse.metering.store.PostgresLedgerStore;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A ledger of a test's own, written without streams. */
public final class LedgerSandbox implements AutoCloseable {
    public static final Duration TERM = Duration.ofSeconds(30);

    private final String url = EnginesForTests.newDatabase();
    private final Database database;
    private final PostgresLedgerStore store;

    public LedgerSandbox() throws SQLException {
        database = Database.open(DatabaseUrl.parse(url), "ledger", "classpath:dev/gatehouse/metering/store/ledger", 4);
        store = new PostgresLedgerStore(database.dataSource());
    }

    public String url() {
        return url;
    }

    public Database database() {
        return database;
    }

    public PostgresLedgerStore store() {
        return store;
    }

    public Lease lease(int shard, String holder) throws SQLException {
        return store.acquire(shard, holder, TERM).orElseThrow();
    }

    public LedgerBatch batch(List<UsageBatch> entries, Instant now) {
        BatchAssembler assembler = new BatchAssembler(LedgerRules.USUAL, sequences(), now);
        entries.forEach(entry -> assembler.add("0-1", entry));
        return assembler.build();
    }

    public long write(Lease lease, List<UsageBatch> entries) throws SQLException, FencedException {
        return store.commit(lease, TERM, batch(entries, Instant.now()), sequences());
    }

    public CommittedSequences sequences() {
        return new CommittedSequences(sequence -> {
            try {
                return store.load(sequence);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    public long number(String sql) {
        return database.asSystem(
                handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }

    public void change(String sql) {
        database.asSystem(handle -> handle.execute(sql));
    }

    @Override
    public void close() {
        database.close();
    }
}
