package dev.gatehouse.bench.crash;

import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.runtime.redis.Redis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The processes of a drill, and who starts them again when they die. */
final class Stage implements AutoCloseable {
    private static final long STARTUP_SECONDS = 180;

    private final Path folder;
    private final Drill drill;
    private final Engines engines;
    private final CrashDirectory directory;
    private final Map<String, Process> processes = new TreeMap<>();
    private final Map<String, Long> downUntil = new TreeMap<>();
    private final Map<String, Integer> deaths = new TreeMap<>();
    private final int[] ports = {freePort(), freePort()};
    private volatile boolean ending;
    private final Thread keeper;

    Stage(Path folder, Drill drill, Engines engines, CrashDirectory directory) throws IOException {
        this.folder = folder;
        this.drill = drill;
        this.engines = engines;
        this.directory = directory;
        for (String name : Drill.PROCESSES) {
            processes.put(name, start(name, drill.points().getOrDefault(name, "none:1")));
        }
        keeper = Thread.ofPlatform().daemon().name("keeper").start(this::keep);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int[] gatewayPorts() {
        return ports.clone();
    }

    /** How often each process was started again. */
    synchronized Map<String, Integer> deaths() {
        return new TreeMap<>(deaths);
    }

    private Process start(String name, String point) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Dcrash.point=" + point,
                "-cp",
                System.getProperty("java.class.path")));
        if (name.startsWith("gateway")) {
            int port = ports[name.endsWith("0") ? 0 : 1];
            command.addAll(List.of(
                    CrashGateway.class.getName(),
                    name,
                    Integer.toString(port),
                    engines.redisUrl(),
                    directory.url(),
                    Files.createDirectories(folder.resolve(name)).toString(),
                    Long.toString(drill.quota())));
        } else {
            command.addAll(List.of(CrashWriter.class.getName(), name, engines.databaseUrl(), engines.redisUrl()));
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".log").toFile()))
                .start();
    }

    /** Waits until gateways listen. */
    void awaitGateways() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STARTUP_SECONDS);
        for (int port : ports) {
            while (!listens(port)) {
                if (System.nanoTime() > end) {
                    throw new IOException("a gateway of the drill does not come up; see " + folder);
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    /** Waits until every shard has a writer. */
    void awaitWriters(Redis redis) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STARTUP_SECONDS);
        for (int shard = 0; shard < UsageStreams.DEFAULT_SHARDS; shard++) {
            while (redis.commands().exists(UsageStreams.stream(shard)) == 0
                    || redis.commands().xinfoGroups(UsageStreams.stream(shard)).isEmpty()) {
                if (System.nanoTime() > end) {
                    throw new IOException("no writer of the drill comes up; see " + folder);
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Lets a blow fall, and what it hits come back in time. */
    void take(Blow blow) throws IOException, InterruptedException {
        switch (blow.what()) {
            case CUT -> engines.cut();
            case PAUSE -> {
                Process process = process(blow.to());
                signal("STOP", process);
                TimeUnit.MILLISECONDS.sleep(blow.downMillis());
                signal("CONT", process);
            }
            case KILL -> {
                synchronized (this) {
                    downUntil.put(blow.to(), System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(blow.downMillis()));
                }
                if (processes.containsKey(blow.to())) {
                    process(blow.to()).destroyForcibly();
                } else {
                    engines.kill(blow.to());
                }
            }
        }
    }

    private synchronized Process process(String name) {
        Process process = processes.get(name);
        if (process == null) {
            throw new IllegalArgumentException("no process " + name);
        }
        return process;
    }

    private static void signal(String signal, Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Starts again what has died, as an init system does. */
    private void keep() {
        while (!ending) {
            try {
                keepOnce();
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (IOException | RuntimeException e) {
                System.err.println("the drill's keeper: " + e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private synchronized void keepOnce() throws IOException {
        for (Map.Entry<String, Process> each : processes.entrySet()) {
            if (!each.getValue().isAlive() && isDue(each.getKey())) {
                deaths.merge(each.getKey(), 1, Integer::sum);
                each.setValue(start(each.getKey(), "none:1"));
            }
        }
        for (String engine : new String[] {"redis", "postgres"}) {
            if (!engines.isAlive(engine) && isDue(engine)) {
                deaths.merge(engine, 1, Integer::sum);
                engines.start(engine);
            }
        }
    }

    private boolean isDue(String name) {
        return !ending && System.nanoTime() - downUntil.getOrDefault(name, System.nanoTime()) >= 0;
    }

    @Override
    public void close() throws InterruptedException {
        ending = true;
        keeper.interrupt();
        keeper.join(TimeUnit.SECONDS.toMillis(60));
        synchronized (this) {
            processes.values().forEach(Process::destroyForcibly);
            for (Process process : processes.values()) {
                process.waitFor();
            }
        }
    }
}
