package dev.gatehouse.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.runtime.scope.RequestScope;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("When the database goes away,")
class DatabaseAwayTest {
    private static final String MIGRATIONS = "classpath:dev/gatehouse/engines/migration";

    /** Requests that come before it is known may wait for this long: 250 ms to the next question, 1.5 s of silence, and room. */
    private static final Duration FIRST = Duration.ofMillis(2_500);

    private static final Duration LATER = Duration.ofMillis(50);
    private static final Duration BACK = Duration.ofSeconds(20);

    @TempDir
    static Path temp;

    private static EmbeddedPostgres postgres;
    private static Supervisor supervisor;
    private static Weather weather;

    private Database database;
    private DatabaseUrl url;

    /** How it goes away. */
    enum Way {
        FROZEN {
            @Override
            void go() {
                signalAll("STOP");
            }

            @Override
            void comeBack() {
                signalAll("CONT");
            }
        },
        KILLED {
            @Override
            void go() throws Exception {
                // held down until it may come back
                weather.turn(Weather.Kind.REFUSING);
                LeftRunning.find(temp.resolve("data"), "postgres").forEach(ProcessHandle::destroyForcibly);
            }

            @Override
            void comeBack() throws Exception {
                await().atMost(BACK).until(supervisor::isUp);
                weather.turn(Weather.Kind.FAIR);
            }
        },
        REFUSING {
            @Override
            void go() throws Exception {
                weather.turn(Weather.Kind.REFUSING);
            }

            @Override
            void comeBack() throws Exception {
                weather.turn(Weather.Kind.FAIR);
            }
        },
        SWALLOWED_BY_THE_NETWORK {
            @Override
            void go() throws Exception {
                weather.turn(Weather.Kind.HANGING);
            }

            @Override
            void comeBack() throws Exception {
                weather.turn(Weather.Kind.FAIR);
            }
        };

        abstract void go() throws Exception;

        abstract void comeBack() throws Exception;
    }

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start(temp, Durability.THROWN_AWAY);
        supervisor = Supervisor.of(postgres, line -> {}, InstantSource.system());
        weather = new Weather(postgres.port());
    }

    @BeforeEach
    void open() throws Exception {
        url = DatabaseUrl.parse(postgres.url().replace(":" + postgres.port() + "/", ":" + weather.port() + "/"));
        database = Database.open(url, "things", MIGRATIONS, 4);
    }

    @AfterEach
    void close() throws Exception {
        signalAll("CONT");
        weather.turn(Weather.Kind.FAIR);
        database.close();
    }

    @AfterAll
    static void stop() throws Exception {
        weather.close();
        supervisor.close();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "requests under way end within two seconds and a half, later ones within 50 ms, and all is well once it is back")
    void requests(Way way) throws Exception {
        assertThat(one()).isEqualTo("1");
        // a server goes on with what it was asked, so each way has a question of its own
        String slow = "SELECT pg_sleep(" + (40 + way.ordinal()) + ")";
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // more than the pool has connections: some wait for an answer, some for a connection
            List<Future<Duration>> underWay = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                underWay.add(threads.submit(() -> timed(slow)));
            }
            await().until(() -> count(slow) == 4);
            way.go();
            Duration first = timed("SELECT 1");
            for (Future<Duration> took : underWay) {
                assertThat(took.get()).isPositive();
            }
            assertThat(first).isLessThan(FIRST);
            assertThat(Database.absence(url)).isNotBlank();
            List<Duration> later = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                later.add(timed("SELECT 1"));
            }
            Collections.sort(later);
            assertThat(later.get(197)).isLessThan(LATER);
            way.comeBack();
            await().atMost(BACK).ignoreExceptions().until(() -> one().equals("1"));
            assertThat(Database.absence(url)).isNull();
            for (int i = 0; i < 20; i++) {
                assertThat(one()).isEqualTo("1");
            }
        }
    }

    @Test
    @DisplayName("work of the installation's own that is only held up goes on where it was")
    void ownWork() throws Exception {
        CompletableFuture<String> work = CompletableFuture.supplyAsync(() -> ask("SELECT pg_sleep(1)::text || 'done'"));
        await().until(() -> count("SELECT pg_sleep(1)") == 1);
        Way.FROZEN.go();
        await().until(() -> Database.absence(url) != null);
        Way.FROZEN.comeBack();
        assertThat(work.get()).isEqualTo("done");
    }

    @Test
    @DisplayName("work of the installation's own that needs a connection waits for it, and has it when it is back")
    void ownWorkWaits() throws Exception {
        Way.REFUSING.go();
        await().until(() -> Database.absence(url) != null);
        CompletableFuture<String> work = CompletableFuture.supplyAsync(() -> ask("SELECT 1"));
        Way.REFUSING.comeBack();
        assertThat(work.get()).isEqualTo("1");
    }

    @Test
    @DisplayName("a pool whose connections are all in use is another thing: it says so, and the database stays there")
    void full() throws Exception {
        List<Connection> held = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                held.add(database.dataSource().getConnection());
            }
            assertThatThrownBy(DatabaseAwayTest.this::one).satisfies(failure -> {
                assertThat(Database.isBusy(failure)).isTrue();
                assertThat(Database.isAway(failure)).isFalse();
            });
            assertThat(Database.absence(url)).isNull();
        } finally {
            for (Connection connection : held) {
                connection.close();
            }
        }
        assertThat(one()).isEqualTo("1");
    }

    @Test
    @DisplayName("a server that has no more connections to give is not away either")
    void serverFull() throws Exception {
        try (Connection owner = DriverManager.getConnection(postgres.url());
                Statement sql = owner.createStatement();
                Connection held = database.dataSource().getConnection()) {
            sql.execute("ALTER DATABASE gatehouse CONNECTION LIMIT 1");
            try {
                assertThat(held.isValid(5)).isTrue();
                assertThatThrownBy(DatabaseAwayTest.this::one).matches(Database::isBusy);
                assertThat(Database.absence(url)).isNull();
            } finally {
                sql.execute("ALTER DATABASE gatehouse CONNECTION LIMIT -1");
            }
        }
    }

    @Test
    @DisplayName("a single connection that is ended by an administrator changes nothing for others")
    void oneConnection() throws Exception {
        ask("SELECT 1");
        for (int i = 0; i < 5; i++) {
            asOwner("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name LIKE 'gatehouse-%'");
            await().ignoreExceptions().until(() -> one().equals("1"));
            assertThat(Database.absence(url)).isNull();
        }
    }

    @Test
    @DisplayName("it is closed within seconds although it is frozen")
    void closes() throws Exception {
        assertThat(one()).isEqualTo("1");
        Way.FROZEN.go();
        long begun = System.nanoTime();
        database.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(6));
    }

    /** How long a request took to find out that the database is away. */
    private Duration timed(String sql) {
        long begun = System.nanoTime();
        assertThatThrownBy(() -> inRequest(sql)).matches(Database::isAway, "says that the database is away");
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private String one() {
        return inRequest("SELECT 1");
    }

    private String inRequest(String sql) {
        return RequestScope.<String, RuntimeException>callLimited("req_1", Duration.ofSeconds(60), () -> ask(sql));
    }

    private String ask(String sql) {
        return database.jdbi()
                .withHandle(handle -> sql.startsWith("SELECT")
                        ? handle.createQuery(sql).mapTo(String.class).one()
                        : String.valueOf(handle.execute(sql)));
    }

    private static void asOwner(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.url());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int count(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.url());
                PreparedStatement query = connection.prepareStatement(
                        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE ? || '%'"
                                + " AND pid <> pg_backend_pid()")) {
            query.setString(1, sql);
            try (ResultSet rows = query.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    private static void signalAll(String signal) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        LeftRunning.find(temp.resolve("data"), "postgres")
                .forEach(process -> command.add(Long.toString(process.pid())));
        try {
            new ProcessBuilder(command).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
