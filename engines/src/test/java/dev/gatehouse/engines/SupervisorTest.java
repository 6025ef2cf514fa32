package dev.gatehouse.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EngineState.Condition;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A supervised engine")
class SupervisorTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path temp;

    private final List<String> said = new CopyOnWriteArrayList<>();

    @Test
    @DisplayName("that is PostgreSQL comes back after kill -9, at its port, with every commit, and says both")
    void postgres() throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(temp, Durability.DURABLE);
        try (Supervisor supervisor = supervise(postgres)) {
            run(postgres, "CREATE TABLE home(id int)", "INSERT INTO home VALUES (7)");
            kill(postgres.pid());
            await().atMost(SOON).until(() -> supervisor.state().restarts() == 1);
            assertThat(one(postgres, "SELECT id FROM home")).isEqualTo("7");
            assertThat(supervisor.isUp()).isTrue();
            assertThat(supervisor.state().lastEnd()).isNotNull();
            assertThat(said)
                    .anyMatch(line -> line.equals("PostgreSQL was killed by signal 9. Gatehouse restarts it."))
                    .anyMatch(line -> line.matches("PostgreSQL is back after [0-9.]+ s \\(restart 1\\)\\."));
        }
    }

    @Test
    @DisplayName("that is PostgreSQL comes back although backends of the killed server are still at work, or frozen")
    void orphans() throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(temp, Durability.THROWN_AWAY);
        try (Supervisor supervisor = supervise(postgres);
                Connection busy = DriverManager.getConnection(postgres.url());
                Statement sleep = busy.createStatement()) {
            Thread working = Thread.ofVirtual().start(() -> {
                try {
                    // a backend that is computing does not notice that its server is gone
                    sleep.execute("DO $$ BEGIN LOOP END LOOP; END $$");
                } catch (SQLException e) {
                    // it ends with its backend
                }
            });
            await().until(() -> one(postgres, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO%'")
                    .equals("1"));
            long backend = Long.parseLong(one(postgres, "SELECT pid FROM pg_stat_activity WHERE query LIKE 'DO%'"));
            signal("STOP", backend);
            kill(postgres.pid());
            await().atMost(SOON).until(() -> supervisor.state().restarts() == 1);
            assertThat(ProcessHandle.of(backend).filter(ProcessHandle::isAlive)).isEmpty();
            assertThat(one(postgres, "SELECT 1")).isEqualTo("1");
            working.join();
        }
    }

    @Test
    @DisplayName("that is PostgreSQL mends the death of a single backend itself")
    void backend() throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(temp, Durability.THROWN_AWAY);
        try (Supervisor supervisor = supervise(postgres);
                Connection connection = DriverManager.getConnection(postgres.url());
                Statement statement = connection.createStatement();
                ResultSet pid = statement.executeQuery("SELECT pg_backend_pid()")) {
            pid.next();
            kill(pid.getLong(1));
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> one(postgres, "SELECT 1").equals("1"));
            assertThat(supervisor.state().restarts()).isZero();
        }
    }

    @Test
    @DisplayName("that is Redis comes back after kill -9, at its port, with its data")
    void redis() {
        EmbeddedRedis redis = EmbeddedRedis.start(temp, Durability.DURABLE);
        try (Supervisor supervisor = supervise(redis)) {
            with(redis, connection -> connection.sync().set("home", "7"));
            kill(redis.pid());
            await().atMost(SOON).until(() -> supervisor.state().restarts() == 1);
            assertThat(with(redis, connection -> connection.sync().get("home"))).isEqualTo("7");
        }
    }

    @Test
    @DisplayName("that is the queue comes back when it stops taking connections")
    void queue() {
        EmbeddedQueue queue = EmbeddedQueue.start();
        try (Supervisor supervisor = supervise(queue)) {
            queue.close();
            await().atMost(SOON).until(() -> supervisor.state().restarts() == 1);
            assertThat(supervisor.isUp()).isTrue();
            assertThat(queue.isAlive()).isTrue();
        }
    }

    @Test
    @DisplayName("whose port somebody else has taken is tried again until it is free, and says so each time")
    void portTaken() throws Exception {
        EmbeddedRedis redis = EmbeddedRedis.start(temp, Durability.DURABLE);
        redis.close();
        try (ServerSocket taken = take(redis.port());
                Supervisor supervisor = supervise(redis)) {
            await().atMost(SOON)
                    .until(() -> said.stream()
                                    .filter(line -> line.contains("did not come up"))
                                    .count()
                            >= 2);
            assertThat(supervisor.state().condition()).isEqualTo(Condition.RESTARTING);
            assertThat(supervisor.state().note()).contains("Gatehouse tries again in");
            taken.close();
            await().atMost(SOON).until(supervisor::isUp);
        }
    }

    @Test
    @DisplayName(
            "stays down once its supervisor is closed, also while it is being started again, and leaves no process")
    void closed() throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(temp, Durability.THROWN_AWAY);
        kill(postgres.pid());
        await().until(() -> !postgres.isAlive());
        Supervisor supervisor = supervise(postgres);
        await().until(() -> !said.isEmpty());
        long begun = System.nanoTime();
        supervisor.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        assertThat(LeftRunning.find(temp.resolve("data"), "postgres")).isEmpty();
    }

    @Test
    @DisplayName("that is frozen is stopped within seconds all the same, with all its processes")
    void frozen() throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(temp.resolve("p"), Durability.THROWN_AWAY);
        EmbeddedRedis redis = EmbeddedRedis.start(temp.resolve("r"), Durability.THROWN_AWAY);
        try (Connection open = DriverManager.getConnection(postgres.url())) {
            assertThat(open.isValid(5)).isTrue();
            for (ProcessHandle process : LeftRunning.find(temp.resolve("p/data"), "postgres")) {
                signal("STOP", process.pid());
            }
            signal("STOP", redis.pid());
            long begun = System.nanoTime();
            postgres.close();
            redis.close();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        }
        assertThat(LeftRunning.find(temp.resolve("p/data"), "postgres")).isEmpty();
        assertThat(LeftRunning.find(temp.resolve("r"), "redis-server")).isEmpty();
    }

    @Test
    @DisplayName(
            "is tried again at once, then after a quarter of a second, doubling, and never less often than each 30 s")
    void pace() {
        assertThat(RestartPace.before(0)).isZero();
        assertThat(RestartPace.before(1)).isEqualTo(Duration.ofMillis(250));
        assertThat(RestartPace.before(2)).isEqualTo(Duration.ofMillis(500));
        for (int failures = 8; failures < 10_000; failures++) {
            assertThat(RestartPace.before(failures)).isEqualTo(Duration.ofSeconds(30));
        }
    }

    private Supervisor supervise(EmbeddedServer server) {
        return Supervisor.of(server, said::add, InstantSource.system());
    }

    private static ServerSocket take(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    private static void signal(String signal, long pid) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
    }

    private static void run(EmbeddedPostgres postgres, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.url());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String one(EmbeddedPostgres postgres, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.url());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static String with(EmbeddedRedis redis, Function<StatefulRedisConnection<String, String>, String> action) {
        try (RedisClient client = RedisClient.create(redis.url());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            return action.apply(connection);
        }
    }
}
