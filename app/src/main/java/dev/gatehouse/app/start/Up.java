package dev.gatehouse.app.start;

import dev.gatehouse.app.engine.Engine;
import dev.gatehouse.app.engine.Engines;
import dev.gatehouse.app.installation.Installation;
import dev.gatehouse.app.installation.Running;
import dev.gatehouse.app.installation.StartRefused;
import dev.gatehouse.app.role.DirectoryRole;
import dev.gatehouse.app.role.GatewayRole;
import dev.gatehouse.app.role.OwnNames;
import dev.gatehouse.app.role.Platform;
import dev.gatehouse.app.role.Role;
import dev.gatehouse.app.role.RunningRole;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.api.AddedOperations;
import dev.gatehouse.runtime.aside.SetAsides;
import dev.gatehouse.runtime.http.Endpoint;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.runtime.telemetry.Telemetry;
import dev.gatehouse.runtime.telemetry.Tracing;
import io.lettuce.core.RedisConnectionException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A process of an installation, from its coming up to its end. */
public final class Up implements AutoCloseable {
    private static final int MAX_BODY = 1 << 20;
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration REDIS_PATIENCE = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PARTS_BESIDE_DRAIN = Duration.ofMillis(500);
    private static final Duration ENGINES_LIMIT = Duration.ofMillis(3_500);
    private static final Duration LOOPS_LIMIT = Duration.ofMillis(500);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final UpOptions options;
    private final Installation installation;
    private final Steps steps = new Steps();
    private final Steps engineSteps = new Steps();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Consumer<String> people;
    private final Map<String, Steps.Step<Engine>> engines = new LinkedHashMap<>();
    private final Map<Role, Steps.Step<RunningRole>> roles = new EnumMap<>(Role.class);

    private volatile @Nullable Vertx vertx;
    private volatile @Nullable SetAsides asides;

    private Up(UpOptions options, Installation installation, Consumer<String> people) {
        this.people = people;
        this.options = options;
        this.installation = installation;
    }

    /**
     * Takes the data folder, and starts nothing yet.
     *
     * @param people are told of what takes long
     * @throws dev.gatehouse.app.installation.StartRefused when the folder cannot be used
     */
    public static Up on(UpOptions options, Consumer<String> people) {
        return new Up(options, Installation.open(options.data()), people);
    }

    /**
     * Starts the engines and the roles, and returns once all of them work.
     *
     * @throws dev.gatehouse.app.installation.StartRefused when it cannot come up; nothing is left running then
     */
    public void start() {
        try {
            begin();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void begin() {
        if (options.settings().text("gatehouse.log", "files").equals("stdout")) {
            Logging.toStandardOutput();
        } else {
            Path log = installation.at("log");
            requireFolder(log);
            Logging.toFiles(log);
        }
        // before an engine makes data that depends on it
        InternalSecrets secrets = installation.secrets(options.settings().text("gatehouse.secret"));
        options.ports().requirePrivateFree(options.ports().admin(), "administration");
        AutoCloseable tracing =
                Tracing.start(options.settings(), options.settings().text("gatehouse.gateway.node", "gateway"));
        steps.start("tracing", () -> tracing).await();
        Platform platform = platform(secrets);
        asides = platform.asides();
        Map<String, Endpoint> read = Map.of("/admin/v1/status", request -> Response.json(200, status()));
        String token = installation.adminToken();
        RoleSteps wiring =
                new RoleSteps(platform, steps, options.roles(), new RoleSteps.Administration(token, read, people));
        roles.putAll(wiring.begin());
        roles.values().forEach(Steps.Step::await);
        if (!roles.containsKey(Role.DIRECTORY)) {
            serveStatus(platform, new OwnerToken(token), read, wiring.added());
        }
        awaitAtWork();
        wiring.directoryModule().ifPresent(module -> {
            if (installation.demo().isEmpty()) {
                installation.keepDemo(DirectoryRole.makeDemo(module.directory()));
            }
        });
        installation.announce(new Running(ProcessHandle.current().pid(), adminUrl()));
    }

    private static void requireFolder(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "try", ""));
        } catch (IOException e) {
            throw new StartRefused(
                    "The log folder " + folder + " cannot be written (" + e.getMessage()
                            + "). Make it a folder that the"
                            + " user who runs Gatehouse may write, or set gatehouse.log=stdout.",
                    e);
        }
    }

    /** A process without the directory says how it stands all the same, and lets its owner at what it adds. */
    private void serveStatus(
            Platform platform, OwnerToken owner, Map<String, Endpoint> read, List<AddedOperations> added) {
        Router router = new Router();
        added.forEach(module -> owner.mount(router, module));
        read.forEach(router::get);
        WebServer.Options listening = new WebServer.Options(
                        "admin", options.ports().privateHost(), options.ports().admin(), MAX_BODY, DRAIN)
                .answeringTo(OwnNames.ofPrivate(platform))
                .behind(owner::require);
        steps.start("admin", () -> WebServer.start(platform.vertx(), listening, router, null, platform.clock()))
                .await();
    }

    private String adminUrl() {
        return options.ports().adminUri().toString();
    }

    /** A role that has come up may still have to find others, such as a service the directory. */
    private void awaitAtWork() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Steps.Step<RunningRole> step : roles.values()) {
            RunningRole role = step.get();
            // a gateway has come up when it serves, be it from the copy of what the directory said before
            while (role.role() != Role.GATEWAY && !role.isUp().getAsBoolean()) {
                if (System.nanoTime() > deadline) {
                    throw new StartRefused(role.role().text() + " is not at work after " + PATIENCE.toSeconds()
                            + " s. Why stands in " + installation.at("log") + ".");
                }
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            }
        }
    }

    private Platform platform(InternalSecrets secrets) {
        InstantSource clock = InstantSource.system();
        Engines chosen = new Engines(options.settings(), installation.folder(), people, clock);
        Steps.Step<Engine> postgres = engine("postgres", chosen::postgres);
        Steps.Step<Engine> redis = engine("redis", chosen::redis);
        Steps.Step<Engine> queue = engine("queue", chosen::queue);
        Vertx loops = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        vertx = loops;
        Steps.Step<Redis> connection = steps.start("redis connection", () -> connect(redis.get()));
        Steps.Step<Queues> queues = steps.start(
                "queue client",
                () -> Queues.connect(
                        Optional.of(URI.create(queue.get().url())),
                        options.settings().text("gatehouse.queue.region", "us-east-1")));
        Telemetry telemetry = new Telemetry();
        return new Platform(
                options.settings(),
                options.ports(),
                secrets,
                installation.folder(),
                loops,
                clock,
                telemetry,
                new SetAsides(telemetry.meters(), clock),
                () -> DatabaseUrl.parse(postgres.get().url()),
                () -> redis.get().url(),
                connection,
                queues);
    }

    private static Redis connect(Engine redis) {
        try {
            return Redis.await(redis.url(), REDIS_PATIENCE);
        } catch (RedisConnectionException e) {
            throw new StartRefused(
                    "Redis at " + redis.shownUrl() + " does not answer: " + e.getMessage()
                            + (redis.embedded() ? "" : ". Is it up, and is gatehouse.redis.url right?"),
                    e);
        }
    }

    private Steps.Step<Engine> engine(String name, Supplier<Engine> make) {
        Steps.Step<Engine> step = engineSteps.start(name, make::get);
        engines.put(name, step);
        return step;
    }

    /** How this process stands now. */
    public Status status() {
        Map<String, Status.RoleStatus> roleStates = new LinkedHashMap<>();
        roles.forEach((role, step) -> roleStates.put(
                role.text(),
                new Status.RoleStatus(
                        Status.state(step.get().isUp().getAsBoolean()),
                        step.get().url())));
        Map<String, Status.EngineStatus> engineStates = new LinkedHashMap<>();
        engines.forEach((name, step) -> engineStates.put(name, Status.EngineStatus.of(step.get())));
        boolean ready =
                roleStates.values().stream().allMatch(role -> role.state().equals("up"))
                        && engineStates.values().stream()
                                .allMatch(engine -> engine.state().equals("up"));
        return new Status(
                ready,
                installation.folder().toString(),
                address(Role.GATEWAY),
                address(Role.PORTAL),
                address(Role.MAIL),
                new Status.Address(adminUrl()),
                installation.demo().orElse(null),
                roleStates,
                engineStates,
                Exposure.warnings(options.ports(), options.roles()),
                setAside());
    }

    private long setAside() {
        SetAsides known = asides;
        return known == null ? 0 : known.size();
    }

    private Status.@Nullable Address address(Role role) {
        Steps.Step<RunningRole> step = roles.get(role);
        String url = step == null ? null : step.get().url();
        return url == null ? null : new Status.Address(url);
    }

    /** What the terminal shows once all is up. */
    public List<String> panel(Duration took) {
        return Panel.lines(status(), took, installation.adminTokenFile(), installation.at("log"));
    }

    /** After which {@link #close} has returned, whatever engine is dead or frozen. */
    public Duration stopLimit() {
        return partsLimit().plus(ENGINES_LIMIT).plus(LOOPS_LIMIT);
    }

    /** Calls under way are waited for first, then each part has its moment. */
    private Duration partsLimit() {
        Duration drain = options.settings().duration("gatehouse.gateway.drain", GatewayRole.DRAIN);
        Duration usual = drain.compareTo(GatewayRole.DRAIN) < 0 ? GatewayRole.DRAIN : drain;
        return usual.plus(PARTS_BESIDE_DRAIN);
    }

    /** Stops roles in the reverse order of their coming up, then the engines, and lets go of the folder. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        steps.stopAll(partsLimit(), Role.GATEWAY.text());
        engineSteps.stopTogether(ENGINES_LIMIT);
        Vertx loops = vertx;
        if (loops != null) {
            loops.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .completeOnTimeout(null, LOOPS_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }
        installation.close();
    }
}
