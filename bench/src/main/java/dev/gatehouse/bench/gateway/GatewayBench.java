package dev.gatehouse.bench.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * {@code bench gateway}: Gatehouse (twice, for the run's own noise, and once with all load on one tenant), nginx bare,
 * nginx with Lua, Fastify and Spring Cloud Gateway in alternating rounds. The contender has core 0 to itself, all else is
 * on core 1.
 */
public final class GatewayBench {
    static final String OURS = "Gatehouse";
    static final String AGAIN = "Gatehouse again (A/A)";
    static final String HOT = "Gatehouse, one hot tenant";
    static final String BARE = "nginx, bare proxy";
    static final String LUA = "nginx with Lua";
    static final String FASTIFY = "Fastify 5";
    static final String SPRING = "Spring Cloud Gateway 5";

    private static final int MEASURED_CORE = 0;
    private static final int OTHER_CORE = 1;
    private static final int TENANTS = 100;

    private final Path root;
    private final Path peers;
    private final Path folder;
    private final BenchOptions options;
    private final Processes processes;

    GatewayBench(Path root, Path folder, BenchOptions options) {
        this.root = root;
        this.folder = folder;
        this.options = options;
        peers = root.resolve("bench/peers");
        processes = new Processes(folder);
    }

    /** Runs it, and writes the report to {@code bench/results} unless the options say that it is a trial. */
    public static void run(Path root, List<String> arguments) throws IOException, InterruptedException {
        BenchOptions options = BenchOptions.parse(arguments);
        Path folder = Files.createTempDirectory("gatehouse-bench-");
        GatewayBench bench = new GatewayBench(root, folder, options);
        try (Processes closing = bench.processes) {
            List<Sample> samples = bench.measure();
            Report report = new Report(options, samples);
            System.out.println(report.markdown());
            if (options.isRecorded()) {
                report.write(root.resolve("bench/results"));
            }
        }
    }

    private List<Sample> measure() throws IOException, InterruptedException {
        pinSelf();
        int upstream = Processes.freePort();
        startUpstream(upstream);
        int redis = startRedis();
        try (BenchDirectory directory = new BenchDirectory(TENANTS, "http://127.0.0.1:" + upstream)) {
            Path keys = writeKeys(directory.keys());
            List<Contender> contenders = start(directory, keys, upstream, redis);
            Load load = load();
            for (Contender contender : contenders) {
                System.err.println("warming up " + contender.name());
                load.run(contender, 64, options.warmupSeconds());
            }
            return rounds(load, contenders);
        }
    }

    int startRedis() throws IOException, InterruptedException {
        int redis = Processes.freePort();
        processes.start(
                "redis",
                OTHER_CORE,
                redis,
                Map.of(),
                List.of(
                        "redis-server",
                        "--port",
                        Integer.toString(redis),
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        folder.toString()));
        return redis;
    }

    /** The gateway with a journal, on the core that is measured. */
    Contender startGateway(BenchDirectory directory, Path keys, int redis) throws IOException, InterruptedException {
        int port = Processes.freePort();
        Process ours = processes.start("gatehouse", MEASURED_CORE, port, Map.of(), gatehouse(port, redis, directory));
        return new Contender(OURS, ours, port, keys);
    }

    Load load() {
        return new Load(peers.resolve("wrk.lua"), OTHER_CORE);
    }

    Processes processes() {
        return processes;
    }

    private List<Sample> rounds(Load load, List<Contender> contenders) throws IOException, InterruptedException {
        List<Sample> samples = new ArrayList<>();
        for (int connections : options.connections()) {
            for (int round = 0; round < options.rounds(); round++) {
                System.err.println("round " + (round + 1) + " at " + connections + " connections");
                for (int i = 0; i < contenders.size(); i++) {
                    // each round starts with another, so that none always follows the same one
                    Contender contender = contenders.get((i + round) % contenders.size());
                    samples.add(load.run(contender, connections, options.seconds()));
                }
            }
        }
        return samples;
    }

    private List<Contender> start(BenchDirectory directory, Path keys, int upstream, int redis)
            throws IOException, InterruptedException {
        List<Contender> contenders = new ArrayList<>();
        Contender measured = startGateway(directory, keys, redis);
        Process ours = measured.process();
        int port = measured.port();
        Path oneKey = folder.resolve("one-key.tsv");
        Files.writeString(oneKey, Files.readAllLines(keys).getFirst() + "\n");
        contenders.add(measured);
        if (options.has(BARE)) {
            contenders.add(nginx(BARE, "nginx/bare.conf", "bare", keys, upstream, redis));
        }
        if (options.has(LUA)) {
            copyScript();
            contenders.add(nginx(LUA, "nginx-lua/gateway.conf", "lua", keys, upstream, redis));
        }
        contenders.add(new Contender(AGAIN, ours, port, keys));
        if (options.has(FASTIFY) && isReady("fastify", "node_modules", "npm install --no-audit --no-fund")) {
            contenders.add(fastify(directory, keys, upstream, redis));
        }
        if (options.has(SPRING) && isReady("spring", "target/spring-peer.jar", "mvn -B -q package")) {
            contenders.add(spring(keys, upstream, redis));
        }
        contenders.add(new Contender(HOT, ours, port, oneKey));
        return contenders;
    }

    /** Prepares a peer that is not ready; one that cannot be prepared is left out and named. */
    private boolean isReady(String peer, String product, String command) throws IOException, InterruptedException {
        Path place = peers.resolve(peer);
        if (!Files.exists(place.resolve(product))) {
            System.err.println("preparing " + peer + ": " + command);
            new ProcessBuilder(command.split(" "))
                    .directory(place.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(peer + ".prepare.log").toFile())
                    .start()
                    .waitFor(5, TimeUnit.MINUTES);
        }
        if (Files.exists(place.resolve(product))) {
            return true;
        }
        System.err.println(peer + " is left out: \"" + command + "\" in " + place + " did not make it");
        return false;
    }

    private List<String> gatehouse(int port, int redis, BenchDirectory directory) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dlogback.configurationFile=dev/gatehouse/bench/measured-logback.xml",
                "-XX:+UseSerialGC",
                "-Xms256m",
                "-Xmx512m"));
        command.addAll(options.javaOptions());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                MeasuredGateway.class.getName(),
                Integer.toString(port),
                "redis://127.0.0.1:" + redis,
                directory.url().toString(),
                folder.resolve("gatehouse").toString()));
        return command;
    }

    private Contender nginx(String name, String template, String id, Path keys, int upstream, int redis)
            throws IOException, InterruptedException {
        int port = Processes.freePort();
        Path file = processes.configure(
                peers.resolve(template),
                id + ".conf",
                Map.of(
                        "PORT", Integer.toString(port),
                        "UPSTREAM", Integer.toString(upstream),
                        "REDIS", Integer.toString(redis),
                        "PEERS", peers.toString(),
                        "FOLDER", folder.toString()));
        Process process = processes.start(
                id, MEASURED_CORE, port, Map.of(), List.of("nginx", "-p", "/usr/share/nginx", "-c", file.toString()));
        return new Contender(name, process, port, keys);
    }

    private Contender fastify(BenchDirectory directory, Path keys, int upstream, int redis)
            throws IOException, InterruptedException {
        int port = Processes.freePort();
        Path json = folder.resolve("keys.json");
        Files.writeString(
                json,
                directory.keys().entrySet().stream()
                        .map(e -> "\"" + e.getKey() + "\":\"" + e.getValue() + "\"")
                        .collect(Collectors.joining(",", "{", "}")));
        Process process = processes.start(
                "fastify",
                MEASURED_CORE,
                port,
                Map.of(
                        "PORT",
                        Integer.toString(port),
                        "UPSTREAM",
                        "http://127.0.0.1:" + upstream,
                        "REDIS_HOST",
                        "127.0.0.1",
                        "REDIS_PORT",
                        Integer.toString(redis),
                        "KEYS",
                        json.toString(),
                        "NODE_ENV",
                        "production"),
                List.of("node", peers.resolve("fastify/server.mjs").toString()));
        return new Contender(FASTIFY, process, port, keys);
    }

    private Contender spring(Path keys, int upstream, int redis) throws IOException, InterruptedException {
        int port = Processes.freePort();
        Process process = processes.start(
                "spring",
                MEASURED_CORE,
                port,
                Map.of(),
                List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:+UseSerialGC",
                        "-Xms256m",
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dkeys=" + keys,
                        "-Dredis.port=" + redis,
                        "-Dupstream=http://127.0.0.1:" + upstream,
                        "-Dserver.port=" + port,
                        "-jar",
                        peers.resolve("spring/target/spring-peer.jar").toString()));
        return new Contender(SPRING, process, port, keys);
    }

    void startUpstream(int port) throws IOException, InterruptedException {
        StringBuilder body = new StringBuilder("{\"data\":[");
        for (int i = 0; body.length() < 1_000; i++) {
            body.append(i == 0 ? "" : ",")
                    .append(
                            "{\"ListingKey\":\"LUC-%05d\",\"ListPrice\":189000,\"StandardStatus\":\"Closed\",\"LivingArea\":1620}"
                                    .formatted(i));
        }
        body.append("],\"page\":{\"next\":null,\"limit\":50}}");
        Path file = processes.configure(
                peers.resolve("upstream.conf"),
                "upstream.conf",
                Map.of("PORT", Integer.toString(port), "FOLDER", folder.toString(), "BODY", body.toString()));
        processes.start(
                "upstream",
                OTHER_CORE,
                port,
                Map.of(),
                List.of("nginx", "-p", "/usr/share/nginx", "-c", file.toString()));
    }

    Path writeKeys(Map<String, String> keys) throws IOException {
        Path file = folder.resolve("keys.tsv");
        Files.writeString(
                file,
                keys.entrySet().stream()
                        .map(e -> e.getKey() + "\t" + e.getValue() + "\n")
                        .collect(Collectors.joining()));
        return file;
    }

    private void copyScript() throws IOException {
        try (InputStream script = GatewayBench.class.getResourceAsStream("/dev/gatehouse/gateway/admit/admit.lua")) {
            if (script == null) {
                throw new IOException("the admission script is missing from " + root);
            }
            Files.copy(script, folder.resolve("admit.lua"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    static void pinSelf() throws IOException, InterruptedException {
        new ProcessBuilder(
                        "taskset",
                        "-a",
                        "-c",
                        "-p",
                        Integer.toString(OTHER_CORE),
                        Long.toString(ProcessHandle.current().pid()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
