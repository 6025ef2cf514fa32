package dev.gatehouse.listings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.ServiceForTests.Answer;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The listings, when their database is in trouble,")
final class DatabaseTroubleTest {

    @Test
    @DisplayName("end a statement after its time limit and say so, whatever holds it up")
    void tooSlow() throws Exception {
        try (ListingsForTests service = new ListingsForTests();
                Connection other = connect(service.database);
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("LOCK TABLE listings.listing IN ACCESS EXCLUSIVE MODE");
            Answer answer = service.get("/v2/listings?city=Toledo");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.json().path("code").asText()).isEqualTo("query_too_costly");
            assertThat(answer.json().path("detail").asText()).contains("10 s").contains("smaller area");
            other.rollback();
            assertThat(service.get("/v2/listings?city=Toledo").status()).isEqualTo(200);
        }
    }

    @Test
    @DisplayName("answer 503 with the database's name while it is away, and serve again once it is back")
    void away() throws Exception {
        try (ListingsForTests service = new ListingsForTests()) {
            String name = name(service.database);
            shut(service.database, name);
            Answer answer = service.get("/v2/listings?city=Perrysburg");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.json().path("code").asText()).isEqualTo("unavailable");
            assertThat(answer.json().path("detail").asText()).contains("database of listings");
            assertThat(answer.header("retry-after")).isEqualTo("5");
            open(service.database, name);
            await().untilAsserted(() -> assertThat(
                            service.get("/v2/listings?city=Perrysburg").status())
                    .isEqualTo(200));
        }
    }

    private static void shut(String database, String name) throws SQLException {
        elsewhere(
                database,
                name,
                "ALTER DATABASE " + name + " ALLOW_CONNECTIONS false",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    }

    private static void open(String database, String name) throws SQLException {
        elsewhere(database, name, "ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
    }

    private static void elsewhere(String database, String name, String... statements) throws SQLException {
        try (Connection connection = connect(database.replace("/" + name, "/postgres"));
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String name(String database) throws SQLException {
        try (Connection connection = connect(database)) {
            return connection.getCatalog();
        }
    }

    private static Connection connect(String database) throws SQLException {
        DatabaseUrl url = DatabaseUrl.parse(database);
        return DriverManager.getConnection(url.jdbc(), url.user(), url.password());
    }
}
