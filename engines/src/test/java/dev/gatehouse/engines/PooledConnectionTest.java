package dev.gatehouse.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.runtime.scope.Aside;
import dev.gatehouse.runtime.scope.RequestScope;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A connection of one pool")
class PooledConnectionTest {
    private static final String MIGRATIONS = "classpath:dev/gatehouse/engines/migration";
    private static Database database;

    @BeforeAll
    static void open() throws SQLException {
        database = Database.open(DatabaseUrl.parse(EnginesForTests.newDatabase()), "things", MIGRATIONS, 1);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    @DisplayName(
            "ends what takes longer than the request's limit, and is the platform's own without a limit afterwards")
    void limited() throws SQLException {
        assertThat(limit()).isEqualTo("0");
        assertThatThrownBy(() -> RequestScope.callLimited(
                        "req_1",
                        Duration.ofMillis(50),
                        () -> database.jdbi().withHandle(handle -> handle.execute("SELECT pg_sleep(60)"))))
                .matches(Database::isTooSlow);
        assertThat(limit()).isEqualTo("0");
        assertThat(RequestScope.<String, SQLException>callLimited(
                        "req_2", Duration.ofSeconds(7), PooledConnectionTest::limit))
                .isEqualTo("7s");
        assertThat(RequestScope.<String, SQLException>call("req_3", PooledConnectionTest::limit))
                .isEqualTo("0");
    }

    @Test
    @DisplayName("says with each statement which request it is of, unless the installation asked by itself")
    void named() {
        assertThat(RequestScope.<String, RuntimeException>call("req_1", PooledConnectionTest::asked))
                .endsWith("/* req_1 */");
        assertThat(RequestScope.<String, RuntimeException>call(
                        "req_2",
                        () -> RequestScope.<String, RuntimeException>callOwn(
                                () -> Aside.begin(PooledConnectionTest::asked).get())))
                .doesNotContain("req_2");
        assertThat(asked()).doesNotContain("/*");
    }

    @Test
    @DisplayName(
            "says it by its name for a statement that the server keeps, and is called after nobody again afterwards")
    void prepared() {
        assertThat(RequestScope.<List<String>, RuntimeException>call("req_1", PooledConnectionTest::kept))
                .containsExactly(
                        "SELECT current_setting('application_name'), current_query()", "gatehouse-things req_1");
        assertThat(kept().getLast()).isEqualTo("gatehouse-things");
    }

    private static List<String> kept() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT current_setting('application_name'), current_query()")
                        .define(Database.PREPARED, true)
                        .map((row, context) -> List.of(row.getString(2), row.getString(1)))
                        .one());
    }

    /** What the server was asked, as its log would have it. */
    private static String asked() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT current_query()")
                        .mapTo(String.class)
                        .one());
    }

    @Test
    @DisplayName("finds its tables known to the planner once they were looked at")
    void analyzed() {
        database.jdbi().useHandle(handle -> handle.execute("INSERT INTO thing SELECT generate_series(1, 500)"));
        database.analyze();
        int known = database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT reltuples FROM pg_class WHERE oid = 'thing'::regclass")
                        .mapTo(Integer.class)
                        .one());
        assertThat(known).isEqualTo(500);
    }

    private static String limit() throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery("SHOW statement_timeout")) {
            row.next();
            return row.getString(1);
        }
    }
}
