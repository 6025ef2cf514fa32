package dev.gatehouse.engines;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PostgreSQL server of our own, with its data in one folder, on a free port of the loopback interface.
 *
 * <p>Clients are given the role {@code gatehouse}, which owns the database of that name and may create databases and
 * roles, but is no superuser: what works here works on a managed PostgreSQL too.
 *
 * <p>After a kill -9 of this JVM the kernel stops the server; if it could not, the next start does. What a killed server leaves
 * behind (backends at work, shared memory, its pid file) is cleared away by the next start.
 */
public final class EmbeddedPostgres implements EmbeddedServer {
    /** The role that clients connect as, and the database that is there from the start. */
    public static final String ROLE = "gatehouse";

    private static final String SUPERUSER = "postgres";
    private static final Pattern DATABASE_NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern COMPLAINT = Pattern.compile("(?:FATAL|PANIC|ERROR): +(.*)");
    private static final int TRIES = 5;

    /** Of the programs in {@link Unpacked}. */
    private static final String MAJOR = "18";

    private static final String RESTORE = "If the folder is damaged, restore it from a backup.";

    private final Place place;
    private final ChildProcess server;
    private final int port;
    private final String password;

    /** What a server needs to be started, the first time and again. */
    private record Place(Path folder, Path programs, ServerUser user, Durability durability) {
        Path data() {
            return folder.resolve("data");
        }

        Path log() {
            return folder.resolve("postgres.log");
        }
    }

    private EmbeddedPostgres(Place place, ChildProcess server, int port, String password) {
        this.place = place;
        this.server = server;
        this.port = port;
        this.password = password;
    }

    /**
     * Starts the server, after making its data on the first start.
     *
     * @param home the server's folder; created when absent
     * @throws EngineException when it does not come up, with the end of its log
     */
    public static EmbeddedPostgres start(Path home, Durability durability) {
        return start(home, Unpacked.userCache(), ServerUser.find(), durability);
    }

    static EmbeddedPostgres start(Path home, Path cache, ServerUser user, Durability durability) {
        Path folder = home.toAbsolutePath().normalize();
        Place place = new Place(folder, Unpacked.postgres(cache).resolve("bin"), user, durability);
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new EngineException("Cannot use " + folder + " for PostgreSQL: " + e.getMessage(), e);
        }
        Path secret = folder.resolve("password");
        if (Files.exists(place.data()) && !Files.exists(secret, LinkOption.NOFOLLOW_LINKS)) {
            throw new EngineException(
                    "PostgreSQL's password " + secret + " is missing, though there is data. Restore it from a"
                            + " backup: the data can be read with this one alone.");
        }
        String password = SecretFile.readOrCreate(secret, SecretFile.Loss.STORED_DATA);
        user.own(folder);
        if (Files.exists(place.data(), LinkOption.NOFOLLOW_LINKS)) {
            requireUsable(place.data());
        } else {
            initialize(place);
        }
        EmbeddedPostgres postgres = launch(place, password);
        try {
            postgres.createRoleAndDatabase();
        } catch (SQLException e) {
            postgres.close();
            throw new EngineException(
                    "PostgreSQL runs on " + folder + " but lets nobody in (" + oneLine(e) + "). " + RESTORE, e);
        }
        return postgres;
    }

    @Override
    public EmbeddedPostgres again() {
        stopLeftRunning(place.data());
        return new EmbeddedPostgres(place, launch(place, port), port, password);
    }

    /** A JDBC address of a database on this server, with user and password. */
    public String url(String database) {
        return address(database, ROLE);
    }

    /** {@link #url(String)} of the database that is there from the start. */
    public String url() {
        return url(ROLE);
    }

    /** The server's address without its password, for people. */
    public String shownUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + ROLE;
    }

    public int port() {
        return port;
    }

    public long pid() {
        return server.pid();
    }

    @Override
    public String name() {
        return "PostgreSQL";
    }

    @Override
    public boolean isAlive() {
        return server.isAlive();
    }

    @Override
    public String awaitEnd() throws InterruptedException {
        return server.awaitEnd();
    }

    /** Creates an empty database owned by {@link #ROLE}. */
    public void createDatabase(String name) {
        if (!DATABASE_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a database's name: " + name);
        }
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + "");
        } catch (SQLException e) {
            throw new EngineException("Cannot create the database " + name + ": " + e.getMessage(), e);
        }
    }

    /** Ends all sessions, writes a checkpoint, and waits until the server is gone. */
    @Override
    public void close() {
        server.close();
    }

    private static void initialize(Place place) {
        Path folder = place.folder();
        Path data = place.data();
        // a first start that was cut leaves the other name, never half a data folder
        Path half = folder.resolve("data.new");
        try {
            Unpacked.delete(half);
            List<String> command = new ArrayList<>(place.user().prefix());
            command.addAll(List.of(
                    place.programs().resolve("initdb").toString(),
                    "--pgdata=" + half,
                    "--username=" + SUPERUSER,
                    "--pwfile=" + folder.resolve("password"),
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C"));
            if (place.durability() == Durability.THROWN_AWAY) {
                command.add("--no-sync");
            }
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .directory(folder.toFile())
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new EngineException("PostgreSQL cannot make its data folder " + data + ":\n" + output.strip());
            }
            Files.move(half, data);
        } catch (IOException e) {
            throw new EngineException("PostgreSQL cannot make its data folder " + data + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("interrupted while PostgreSQL made its data folder", e);
        }
    }

    /** What PostgreSQL would say less plainly. */
    private static void requireUsable(Path data) {
        Path version = data.resolve("PG_VERSION");
        String found;
        try {
            if (!Files.isDirectory(data)) {
                throw new EngineException("PostgreSQL's data " + data + " is not a folder. " + RESTORE);
            }
            if (!Files.isRegularFile(version)) {
                throw new EngineException(
                        "PostgreSQL's data folder " + data + " is damaged: PG_VERSION is missing. " + RESTORE);
            }
            found = Files.readString(version, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw new EngineException(
                    "PostgreSQL's " + version + " cannot be read ("
                            + e.getClass().getSimpleName() + "): give the folder to the user that runs Gatehouse.",
                    e);
        }
        if (found.matches("[1-9][0-9]?") && !found.equals(MAJOR)) {
            throw new EngineException("PostgreSQL's data folder " + data + " was made by PostgreSQL " + found
                    + ", and this is PostgreSQL " + MAJOR + ". Start the Gatehouse that made it, dump its database with"
                    + " pg_dump, and restore the dump into a new folder.");
        }
        if (!found.equals(MAJOR)) {
            throw new EngineException(
                    "PostgreSQL's " + version + " is damaged: it must hold " + MAJOR + ". " + RESTORE);
        }
    }

    private static String oneLine(SQLException failure) {
        return String.valueOf(failure.getMessage())
                .lines()
                .findFirst()
                .orElse("no reason given")
                .strip();
    }

    private static void stopLeftRunning(Path data) {
        Path pidFile = data.resolve("postmaster.pid");
        LeftRunning.end(data, "postgres", firstNumber(pidFile), "INT");
        try {
            // its number may belong to another process by now, which PostgreSQL would take for a server in our folder
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new EngineException(
                    "Cannot delete " + pidFile + " (" + e.getClass().getSimpleName()
                            + "). Delete it yourself: no server uses it any" + " more.",
                    e);
        }
    }

    private static Optional<Long> firstNumber(Path pidFile) {
        if (!Files.isRegularFile(pidFile)) {
            return Optional.empty();
        }
        try {
            String first = Files.readString(pidFile, StandardCharsets.ISO_8859_1)
                    .lines()
                    .findFirst()
                    .orElse("")
                    .strip();
            return first.matches("[0-9]{1,9}") ? Optional.of(Long.valueOf(first)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static EmbeddedPostgres launch(Place place, String password) {
        stopLeftRunning(place.data());
        for (int i = 1; ; i++) {
            int port = FreePort.lasting();
            try {
                return new EmbeddedPostgres(place, launch(place, port), port, password);
            } catch (EngineException e) {
                // somebody else may have taken the port meanwhile; any other reason stays
                if (i == TRIES || FreePort.isFree(port)) {
                    throw e;
                }
            }
        }
    }

    private static ChildProcess launch(Place place, int port) {
        List<String> program = new ArrayList<>(List.of(
                place.programs().resolve("postgres").toString(),
                "-D",
                place.data().toString()));
        settings(port, place.durability()).forEach(setting -> program.addAll(List.of("-c", setting)));
        ChildProcess server = ChildProcess.start("postgres", place.user().prefix(), program, place.log(), "INT");
        if (becomesReady(server, place.data())) {
            return server;
        }
        server.close();
        throw new EngineException("PostgreSQL does not start on " + place.data() + ": "
                + lastComplaint(server.lastWords()) + ". Its log is " + place.log() + ". " + RESTORE);
    }

    /** The last line that says why, without its time and its process. */
    private static String lastComplaint(List<String> lines) {
        String said = "it says nothing";
        for (String line : lines) {
            Matcher complaint = COMPLAINT.matcher(line);
            if (complaint.find()) {
                said = complaint.group(1).strip().replaceFirst("[.]$", "");
            }
        }
        return said;
    }

    private static List<String> settings(int port, Durability durability) {
        List<String> settings = new ArrayList<>(List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "max_connections=200",
                "shared_buffers=192MB",
                "work_mem=16MB",
                "maintenance_work_mem=128MB",
                "max_wal_size=2GB",
                "random_page_cost=1.1",
                "jit=off",
                "timezone=UTC",
                "log_timezone=UTC",
                "log_min_messages=warning",
                "log_line_prefix=%m [%p] %a "));
        if (durability == Durability.THROWN_AWAY) {
            settings.addAll(List.of("fsync=off", "synchronous_commit=off", "full_page_writes=off"));
        }
        return settings;
    }

    /** Waits for the word "ready" that the server writes into its pid file (see pidfile.h). */
    private static boolean becomesReady(ChildProcess server, Path data) {
        Path pidFile = data.resolve("postmaster.pid");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (server.isAlive() && System.nanoTime() < deadline) {
            try {
                List<String> lines = Files.exists(pidFile) ? Files.readAllLines(pidFile) : List.of();
                if (lines.size() >= 8
                        && lines.get(7).strip().equals("ready")
                        && lines.getFirst().strip().equals(Long.toString(server.pid()))) {
                    return true;
                }
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (IOException e) {
                // it is being written: look again
                continue;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    private void createRoleAndDatabase() throws SQLException {
        try (Connection connection = DriverManager.getConnection(address(SUPERUSER, SUPERUSER));
                Statement statement = connection.createStatement()) {
            if (!exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + ROLE + "'")) {
                // the password is base64url: it holds no quote
                statement.execute("CREATE ROLE " + ROLE + " LOGIN CREATEDB CREATEROLE PASSWORD '" + password + "'");
            }
            if (!exists(statement, "SELECT 1 FROM pg_database WHERE datname = '" + ROLE + "'")) {
                statement.execute("CREATE DATABASE " + ROLE + " OWNER " + ROLE);
            }
        }
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    private String address(String database, String user) {
        return withCredentials("jdbc:postgresql://127.0.0.1:" + port + "/" + database, user, password);
    }

    private static String withCredentials(String shownUrl, String user, String password) {
        return shownUrl + "?user=" + user + "&password=" + password;
    }
}
