package dev.gatehouse.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The embedded PostgreSQL")
class EmbeddedPostgresTest {
    @TempDir
    Path temp;

    @Test
    @DisplayName("keeps its data over a stop and a start, in a folder with a space")
    void keepsItsData() throws Exception {
        Path home = temp.resolve("a folder");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(home, Durability.DURABLE)) {
            run(postgres, "CREATE TABLE home(id int)", "INSERT INTO home VALUES (7)");
            assertThat(one(postgres.url(), "SHOW fsync")).isEqualTo("on");
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(home, Durability.DURABLE)) {
            assertThat(one(postgres.url(), "SELECT id FROM home")).isEqualTo("7");
        }
    }

    @Test
    @DisplayName("gives clients a role that is no superuser and may not pass row-level security")
    void roleIsOrdinary() throws Exception {
        assertThat(one(
                        EnginesForTests.newDatabase(),
                        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"))
                .isEqualTo("f");
    }

    @Test
    @DisplayName("lets nobody in without the password")
    void needsPassword() {
        String url = EnginesForTests.newDatabase().replaceAll("password=.*", "password=guess");
        assertThatThrownBy(() -> DriverManager.getConnection(url).close()).isInstanceOf(SQLException.class);
    }

    @Test
    @DisplayName("gives every test a database of its own")
    void databasesAreApart() throws Exception {
        String first = EnginesForTests.newDatabase();
        String second = EnginesForTests.newDatabase();
        try (Connection connection = DriverManager.getConnection(first);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE only_here(id int)");
        }
        assertThat(one(second, "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'"))
                .isEqualTo("0");
    }

    @Test
    @DisplayName("a server left running on the folder is stopped before the new one starts")
    void stopsOrphan() throws Exception {
        EmbeddedPostgres orphan = EmbeddedPostgres.start(temp, Durability.THROWN_AWAY);
        run(orphan, "CREATE TABLE home(id int)");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(temp, Durability.THROWN_AWAY)) {
            assertThat(orphan.isAlive()).isFalse();
            assertThat(one(postgres.url(), "SELECT count(*) FROM home")).isEqualTo("0");
        }
    }

    @Test
    @DisplayName("starts again after kill -9 of the server, without losing a commit")
    void survivesKill() throws Exception {
        EmbeddedPostgres killed = EmbeddedPostgres.start(temp, Durability.DURABLE);
        run(killed, "CREATE TABLE home(id int)", "INSERT INTO home VALUES (7)");
        ProcessHandle.of(killed.pid()).orElseThrow().destroyForcibly();
        await().until(() -> !killed.isAlive());
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(temp, Durability.DURABLE)) {
            assertThat(one(postgres.url(), "SELECT id FROM home")).isEqualTo("7");
        }
    }

    @Test
    @DisplayName("a pid file that names somebody else's process stops neither that process nor the start")
    void staleNumber() throws Exception {
        EmbeddedPostgres.start(temp, Durability.THROWN_AWAY).close();
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(temp.resolve("data/postmaster.pid"), stranger.pid() + "\n" + temp.resolve("data") + "\n");
            EmbeddedPostgres.start(temp, Durability.THROWN_AWAY).close();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    @DisplayName("dies with the process that started it, even when that is killed with -9")
    void diesWithParent() throws Exception {
        Assumptions.assumeTrue(ChildProcess.isProgram("setpriv"), "left out: needs setpriv of util-linux");
        try (Parent parent = Parent.start(temp)) {
            ProcessHandle server = ProcessHandle.of(parent.postgresPid()).orElseThrow();
            ProcessHandle redis = ProcessHandle.of(parent.redisPid()).orElseThrow();
            parent.kill();
            await().atMost(Duration.ofSeconds(20)).until(() -> !server.isAlive() && !redis.isAlive());
        }
        EmbeddedPostgres.start(temp.resolve("postgres"), Durability.THROWN_AWAY).close();
    }

    @Test
    @DisplayName("root without user namespaces runs it as nobody")
    void asNobody() throws Exception {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "left out: only root can become another user");
        Path open = Files.createDirectory(
                Path.of(System.getProperty("java.io.tmpdir"), "gatehouse-nobody-" + UUID.randomUUID()));
        try {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path cache = Files.createDirectory(open.resolve("cache"));
            Path home = open.resolve("home");
            try (EmbeddedPostgres postgres =
                    EmbeddedPostgres.start(home, cache, ServerUser.NOBODY, Durability.THROWN_AWAY)) {
                assertThat(ProcessHandle.of(postgres.pid())
                                .flatMap(handle -> handle.info().user()))
                        .contains("nobody");
            }
            EmbeddedPostgres.start(home, cache, ServerUser.NOBODY, Durability.THROWN_AWAY)
                    .close();
        } finally {
            Unpacked.delete(open);
        }
    }

    @Test
    @DisplayName("a folder that cannot be used is named in the message")
    void namesTheFolder() throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "not a folder");
        assertThatThrownBy(() -> EmbeddedPostgres.start(file.resolve("home"), Durability.DURABLE))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(file.toString());
    }

    private static void run(EmbeddedPostgres postgres, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.url());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String one(String url, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
