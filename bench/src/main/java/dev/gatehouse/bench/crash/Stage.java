package dev.gatehouse.bench.crash;

import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.runtime.redis.Redis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The processes of a drill, and who starts them again when they die. */
final class Stage implements AutoCloseable {
    private static final long STARTUP_SECONDS = 180;
    private static final long TAKEOVER_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long REHEARSAL_SECONDS = 60;
    private static final long CALM_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

    private final Path folder;
    private final Drill drill;
    private final Launch launch;
    private final Engines engines;
    private final CrashDirectory directory;
    private final Map<String, Process> processes = new TreeMap<>();
    private final Map<String, Long> downUntil = new ConcurrentHashMap<>();
    private final Map<String, Integer> deaths = new ConcurrentHashMap<>();
    private final Set<String> died = ConcurrentHashMap.newKeySet();
    private final int[] ports = {freePort(), freePort()};
    private volatile long lastStart;
    private volatile boolean ending;
    private final List<Thread> keepers = new ArrayList<>();
    private final Thread atExit = new Thread(this::killAll);

    Stage(Path folder, Drill drill, Launch launch, Engines engines, CrashDirectory directory) throws IOException {
        this.folder = folder;
        this.launch = launch;
        this.drill = drill;
        this.engines = engines;
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(atExit);
        for (String name : Drill.PROCESSES) {
            processes.put(name, start(name));
        }
        keepers.add(Thread.ofPlatform().daemon().name("keeper").start(() -> keep(this::keepProcesses)));
        keepers.add(Thread.ofPlatform().daemon().name("engines' keeper").start(() -> keep(this::keepEngines)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int[] gatewayPorts() {
        return ports.clone();
    }

    /** How often each process and engine was started again. */
    Map<String, Integer> deaths() {
        return new TreeMap<>(deaths);
    }

    /** The processes that have died at the points the drill has for them. */
    Set<String> diedAtTheirPoints() {
        return new TreeSet<>(died);
    }

    /** How often a writer took a shard's lease, as their logs say. */
    long leases() {
        return Stream.of("writer-0.log", "writer-1.log")
                .flatMap(log -> {
                    try {
                        return Files.readAllLines(folder.resolve(log)).stream();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .filter(line -> line.contains(" writes shard "))
                .count();
    }

    /** Whether everything that was to happen has, and what died has been back for a while. */
    boolean isOver() {
        return died.containsAll(drill.points().keySet()) && System.nanoTime() - lastStart > CALM_NANOS;
    }

    private Process start(String name) throws IOException {
        // killed before its point, it has still to reach it
        String point = died.contains(name) ? CrashPoint.NONE : drill.points().getOrDefault(name, CrashPoint.NONE);
        lastStart = System.nanoTime();
        Path log = folder.resolve(name + ".log");
        if (name.startsWith("writer")) {
            return launch.start(
                    name, CrashWriter.class, point, List.of(name, engines.databaseUrl(), engines.redisUrl()), log);
        }
        List<String> arguments = List.of(
                name,
                Integer.toString(ports[name.endsWith("0") ? 0 : 1]),
                engines.redisUrl(),
                directory.url(),
                Files.createDirectories(folder.resolve(name)).toString(),
                Long.toString(drill.quota()));
        return launch.start(name, CrashGateway.class, point, arguments, log);
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
                isBackAt(blow.to(), System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(blow.downMillis()));
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

    /** What looks after processes or engines. */
    private interface Keeping {
        void once() throws IOException;
    }

    /** Starts again what has died, as an init system does. */
    private void keep(Keeping keeping) {
        while (!ending) {
            try {
                keeping.once();
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (IOException | RuntimeException e) {
                System.err.println("the drill's keeper: " + e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private synchronized void keepProcesses() throws IOException {
        for (Map.Entry<String, Process> each : processes.entrySet()) {
            String name = each.getKey();
            Process process = each.getValue();
            if (process.isAlive()) {
                continue;
            }
            if (process.exitValue() == CrashPoint.DIED && died.add(name) && name.startsWith("writer")) {
                // away for longer than its lease, so that the other takes over, and comes to its own point
                isBackAt(name, System.nanoTime() + TAKEOVER_NANOS);
            }
            if (isDue(name)) {
                deaths.merge(name, 1, Integer::sum);
                each.setValue(start(name));
            }
        }
    }

    private void keepEngines() {
        for (String engine : new String[] {"redis", "postgres"}) {
            if (!engines.isAlive(engine) && isDue(engine)) {
                deaths.merge(engine, 1, Integer::sum);
                engines.start(engine);
                lastStart = System.nanoTime();
            }
        }
    }

    private void isBackAt(String name, long nanos) {
        downUntil.put(name, nanos);
        lastStart = nanos;
    }

    private boolean isDue(String name) {
        Long until = downUntil.get(name);
        return !ending && (until == null || System.nanoTime() - until >= 0);
    }

    private void forgetExit() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // the bench is being stopped, and the hook is at work
            ending = true;
        }
    }

    /** Processes must not outlive a bench that is stopped. */
    private void killAll() {
        ending = true;
        processes.values().forEach(Process::destroyForcibly);
    }

    @Override
    public void close() throws InterruptedException {
        ending = true;
        forgetExit();
        for (Thread keeper : keepers) {
            keeper.interrupt();
            keeper.join(TimeUnit.SECONDS.toMillis(60));
        }
        synchronized (this) {
            if (launch.rehearses()) {
                // what they have loaded is written down as they end
                processes.values().forEach(Process::destroy);
                for (Process process : processes.values()) {
                    process.waitFor(REHEARSAL_SECONDS, TimeUnit.SECONDS);
                }
            }
            killAll();
            for (Process process : processes.values()) {
                process.waitFor();
            }
        }
    }
}
