package dev.gatehouse.bench.webhooks.store;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.runtime.outbox.Outbox;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A service of its own that says events, each in the transaction that also keeps that it was said. */
public final class Producer implements AutoCloseable {
    public static final String SERVICE = "bench";
    private static final String MIGRATIONS = "classpath:dev/gatehouse/bench/webhooks/store/migration";

    private final Database database;
    private final Outbox outbox = new Outbox(SERVICE);

    private Producer(Database database) {
        this.database = database;
    }

    public static Producer open(DatabaseUrl url) throws SQLException {
        return new Producer(Database.open(url, SERVICE, MIGRATIONS, 4));
    }

    public Database database() {
        return database;
    }

    public Outbox outbox() {
        return outbox;
    }

    /** An event with the city that filters look at. */
    public record Said(DomainEvent event, String city) {}

    /** All of them or none; after a failure it is not known which. */
    public void say(List<Said> said) {
        database.jdbi().useTransaction(transaction -> {
            var rows = transaction.prepareBatch("INSERT INTO said (id, type, city) VALUES (:id, :type, :city)");
            for (Said one : said) {
                rows.bind("id", one.event().id())
                        .bind("type", one.event().type())
                        .bind("city", one.city())
                        .add();
            }
            rows.execute();
            outbox.append(transaction, said.stream().map(Said::event).toList());
        });
    }

    /** What was committed. @param type of the event @param city of the event */
    public record Row(String id, String type, String city) {}

    public List<Row> said() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT id, type, city FROM said ORDER BY id")
                        .map((row, context) ->
                                new Row(row.getString("id"), row.getString("type"), row.getString("city")))
                        .list());
    }

    public long waiting() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM outbox")
                        .mapTo(Long.class)
                        .one());
    }

    /** Rows in the outbox's order are counted into this. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        said().forEach(row -> counts.merge(row.type(), 1L, Long::sum));
        return counts;
    }

    @Override
    public void close() {
        database.close();
    }
}
