package dev.gatehouse.app.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.gatehouse.app.engine.Engine;
import dev.gatehouse.app.engine.Engines;
import dev.gatehouse.app.installation.Demo;
import dev.gatehouse.app.installation.Installation;
import dev.gatehouse.app.installation.Running;
import dev.gatehouse.app.installation.StartRefused;
import dev.gatehouse.engines.EngineException;
import dev.gatehouse.runtime.config.Settings;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each file that a data folder has, damaged in each way: the start works, or ends with one sentence. Of PostgreSQL's thousand
 * files a sample is taken; {@code -Dgatehouse.damaged=all} takes all of them, which lasts hours.
 */
@DisplayName("A start on a data folder with a damaged file")
class DamagedFolderTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int SAMPLE = 8;

    private static final Set<String> ALWAYS =
            Set.of("postgres/data/PG_VERSION", "postgres/data/global/pg_control", "postgres/data/postmaster.pid");

    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    static Path temp;

    private static Path whole;

    private enum Damage {
        MISSING,
        EMPTY,
        TRUNCATED,
        GARBAGE,
        A_FOLDER,
        READ_ONLY,
        UNREADABLE,
        OF_ANOTHER_OWNER,
        A_PIPE;

        void make(Path file, Random random) throws Exception {
            switch (this) {
                case MISSING -> Files.delete(file);
                case EMPTY -> Files.write(file, new byte[0]);
                case TRUNCATED -> {
                    byte[] bytes = Files.readAllBytes(file);
                    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
                }
                case GARBAGE -> {
                    byte[] bytes = new byte[(int) Math.clamp(Files.size(file), 64, 1 << 16)];
                    random.nextBytes(bytes);
                    Files.write(file, bytes);
                }
                case A_FOLDER -> {
                    Files.delete(file);
                    Files.createDirectories(file.resolve("inside"));
                }
                case READ_ONLY -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
                case UNREADABLE -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
                case OF_ANOTHER_OWNER -> run("chown", "nobody", file.toString());
                // opened for reading, it keeps the reader waiting for ever
                case A_PIPE -> {
                    Files.delete(file);
                    run("mkfifo", file.toString());
                }
            }
        }
    }

    @BeforeAll
    static void make() throws Exception {
        whole = temp.resolve("whole");
        try (Installation installation = Installation.open(whole)) {
            installation.secrets(Optional.empty());
            installation.adminToken();
            installation.keepDemo(new Demo("tnt_1", "demo", "gate_live_x"));
            Files.writeString(
                    whole.resolve("gatehouse.properties"), "gatehouse.town = off\ngatehouse.simulator = off\n");
            try (Engine postgres = engines(whole).postgres();
                    Engine redis = engines(whole).redis()) {
                try (Connection connection = DriverManager.getConnection(postgres.url());
                        Statement sql = connection.createStatement()) {
                    sql.execute("CREATE TABLE kept (id int)");
                    sql.execute("INSERT INTO kept VALUES (7)");
                }
                try (var client = RedisClient.create(redis.url());
                        var connection = client.connect()) {
                    for (int i = 0; i < 100; i++) {
                        connection.sync().set("key" + i, "value");
                    }
                }
            }
            installation.announce(new Running(1, "http://127.0.0.1:1"));
            // as a killed process leaves them
            Files.writeString(whole.resolve("redis/redis.pid"), "1\n");
            Files.writeString(whole.resolve("postgres/data/postmaster.pid"), "1\n");
            Files.copy(whole.resolve("running.json"), temp.resolve("running.json"));
        }
        Files.copy(temp.resolve("running.json"), whole.resolve("running.json"));
    }

    @TestFactory
    @DisplayName("works, or ends with one sentence that names the file or its folder and says what to do")
    Stream<DynamicTest> everyFile() throws IOException {
        long seed = Long.getLong("gatehouse.seed", System.nanoTime());
        System.out.println("DamagedFolderTest: -Dgatehouse.seed=" + seed);
        Random random = new Random(seed);
        List<DynamicTest> few = new ArrayList<>();
        List<DynamicTest> many = new ArrayList<>();
        for (Path file : files()) {
            Path name = whole.relativize(file);
            boolean sampled = name.startsWith("postgres/data") && !ALWAYS.contains(name.toString());
            for (Damage damage : Damage.values()) {
                if (damage == Damage.A_PIPE && (sampled || name.endsWith("pg_control"))) {
                    // PostgreSQL would wait for it, and nobody makes one there
                    continue;
                }
                long chance = random.nextLong();
                (sampled ? many : few)
                        .add(dynamicTest(name + " " + damage, () -> check(name, damage, new Random(chance))));
            }
        }
        if (!"all".equals(System.getProperty("gatehouse.damaged"))) {
            Collections.shuffle(many, random);
            many.subList(SAMPLE, many.size()).clear();
        }
        few.addAll(many);
        return few.stream();
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(whole)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void check(Path name, Damage damage, Random random) throws Exception {
        Path data = temp.resolve("damaged");
        run("rm", "-rf", data.toString());
        if (name.startsWith("postgres")) {
            run("cp", "-a", whole.toString(), data.toString());
        } else {
            Files.createDirectories(data.resolve("postgres/data"));
            run("sh", "-c", "cd '" + whole + "' && cp -a $(ls | grep -v postgres) '" + data + "'");
        }
        damage.make(data.resolve(name), random);
        long begun = System.nanoTime();
        try {
            start(data, name);
        } catch (StartRefused | EngineException e) {
            assertThat(e.getMessage())
                    .doesNotContain("\n")
                    .doesNotContain("Exception:")
                    .endsWith(".")
                    .matches("(?s)[A-Z/].*")
                    .containsAnyOf(data.resolve(name).toString(), data.toString());
            assertThat(String.valueOf(e.getMessage()).length()).isLessThan(900);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LIMIT);
    }

    /** What a start reads, in its order. */
    private static void start(Path data, Path damaged) throws SQLException {
        UpOptions.read(data, Map.of(), Optional.empty());
        try (Installation installation = Installation.open(data)) {
            installation.secrets(Optional.empty());
            assertThat(installation.adminToken()).hasSizeGreaterThan(40);
            installation.demo();
            if (damaged.startsWith("postgres")) {
                try (Engine postgres = engines(data).postgres()) {
                    kept(postgres, damaged);
                }
            } else {
                engines(data).redis().close();
            }
            installation.announce(new Running(1, "http://127.0.0.1:1"));
        }
    }

    /** What was stored is there, or the question fails; PostgreSQL cannot tell that a table's own file was emptied. */
    private static void kept(Engine postgres, Path damaged) {
        try (Connection connection = DriverManager.getConnection(postgres.url());
                Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery("SELECT id FROM kept")) {
            boolean found = rows.next();
            assertThat(found || damaged.startsWith("postgres/data/base")).isTrue();
        } catch (SQLException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static Engines engines(Path data) {
        return new Engines(Settings.of(Map.of()), data, line -> {}, CLOCK);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    }
}
