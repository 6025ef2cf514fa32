package dev.gatehouse.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A module's start on its schema")
class StartBesideAnotherTest {
    private static final String MIGRATIONS = "classpath:dev/gatehouse/engines/migration";

    @Test
    @DisplayName("goes on when something else has written its tables' rights meanwhile")
    void grants() throws Exception {
        String jdbc = EnginesForTests.newDatabase();
        DatabaseUrl url = DatabaseUrl.parse(jdbc);
        Database.open(url, "things", MIGRATIONS, 1).close();
        try (Connection other = DriverManager.getConnection(jdbc);
                Statement sql = other.createStatement()) {
            other.setAutoCommit(false);
            sql.execute("GRANT SELECT ON things.thing TO PUBLIC");
            Callable<Boolean> opening = () -> {
                Database.open(url, "things", MIGRATIONS, 1).close();
                return true;
            };
            FutureTask<Boolean> opened = new FutureTask<>(opening);
            Thread.ofVirtual().start(opened);
            await().atMost(Duration.ofSeconds(30)).until(() -> isWaitedFor(jdbc));
            other.commit();
            assertThat(opened.get()).isTrue();
        }
    }

    private static boolean isWaitedFor(String jdbc) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbc);
                Statement sql = connection.createStatement();
                ResultSet row =
                        sql.executeQuery("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                + " AND query LIKE 'GRANT%' AND datname = current_database())")) {
            return row.next() && row.getBoolean(1);
        }
    }
}
