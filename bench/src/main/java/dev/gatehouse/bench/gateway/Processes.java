package dev.gatehouse.bench.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The processes of a run, each pinned to a core, all stopped with it. */
final class Processes implements AutoCloseable {
    private final Path folder;
    private final Deque<Process> started = new ArrayDeque<>();

    Processes(Path folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts a program on a core and waits until it listens. */
    Process start(String name, int core, int port, Map<String, String> environment, List<String> program)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
        command.addAll(program);
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.push(process);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (!listens(port)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException(name + " does not listen on " + port + ":\n" + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return process;
    }

    /** Writes a configuration with its {@code @NAME@} filled in, and says where. */
    Path configure(Path template, String name, Map<String, String> values) throws IOException {
        String text = Files.readString(template);
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("@" + value.getKey() + "@", value.getValue());
        }
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        return file;
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public synchronized void close() {
        while (!started.isEmpty()) {
            Process process = started.pop();
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            try {
                if (!process.waitFor(4, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }
    }
}
