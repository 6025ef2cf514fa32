package dev.gatehouse.bench.fuzz;

import dev.gatehouse.bench.sandbox.Caller;
import dev.gatehouse.bench.sandbox.Options;
import dev.gatehouse.bench.sandbox.SandboxInstallation;
import dev.gatehouse.bench.sandbox.SandboxInstallation.Allowance;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code bench fuzz}: mutated requests by the million, from a seed, over HTTP/1.0, 1.1 and 2. Afterwards the gateway has to serve, to have as many
 * file descriptors as before, and to have made no 5xx itself.
 */
public final class FuzzBench {
    private static final int SILENCE_MILLIS = 400;
    private static final int PIPELINED = 40;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5]\\d\\d) ");

    private final int port;
    private final String key;
    private final long requests;
    private final long seed;
    private final AtomicLong sent = new AtomicLong();
    private final Map<String, Long> answers = new TreeMap<>();
    private final List<String> ownFaults = new ArrayList<>();

    private FuzzBench(int port, String key, Options options) {
        this.port = port;
        this.key = key;
        requests = options.number("requests", 1_000_000);
        seed = Long.parseLong(options.text("seed", Long.toString(System.nanoTime())));
    }

    /** Runs it; exits with 1 when the gateway did not stand it. */
    public static void run(Path root, List<String> arguments) throws IOException, InterruptedException {
        Options options = Options.parse(arguments, "requests", "seed", "port", "threads", "record");
        // both versions beside one another: the gateway finds out which a connection speaks
        System.setProperty("gatehouse.sandbox.clear-http2", "true");
        try (SandboxInstallation sandbox = SandboxInstallation.start(options)) {
            String key = sandbox.tenant("Fuzz", new Allowance("growth", 90_000_000, 60_000_000, 60_000_000));
            FuzzBench bench = new FuzzBench(sandbox.port(), key, options);
            int before = descriptors(sandbox.pid());
            long began = System.nanoTime();
            bench.send(options.number("threads", 100));
            long tookSeconds = (System.nanoTime() - began) / 1_000_000_000L;
            // connections that were told to close, or bring nothing, are gone after the gateway's own times
            long end = System.nanoTime() + 90_000_000_000L;
            while (descriptors(sandbox.pid()) > before + 40 && System.nanoTime() < end) {
                Thread.sleep(1_000);
            }
            int after = descriptors(sandbox.pid());
            boolean serves;
            try (Caller caller = new Caller(sandbox.port())) {
                serves = caller.get("/v2/listings?limit=1", key).status() == 200;
            }
            String report = bench.report(before, after, serves, tookSeconds);
            System.out.println(report);
            if (options.text("record", "yes").equals("yes")) {
                Files.createDirectories(root.resolve("bench/results"));
                Files.writeString(root.resolve("bench/results/fuzz.md"), report);
            }
            if (!serves || !bench.ownFaults.isEmpty() || after > before + 40) {
                System.exit(1);
            }
        }
    }

    private void send(int threads) throws InterruptedException {
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Mutation mutation = new Mutation(key, new SplittableRandom(seed + t));
            FrameMutation frames = new FrameMutation(key, new SplittableRandom(seed + t));
            // every fourth speaks HTTP/2
            boolean inFrames = t % 4 == 3;
            all.add(Thread.ofVirtual().start(() -> {
                while (sent.get() < requests) {
                    if (inFrames) {
                        connection(frames);
                    } else {
                        connection(mutation);
                    }
                }
            }));
        }
        for (Thread thread : all) {
            thread.join();
        }
    }

    /** Sends until the gateway closes the connection or says nothing. */
    private void connection(Mutation mutation) {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(SILENCE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[32 * 1024];
            for (int i = 0; i < PIPELINED; i++) {
                sent.incrementAndGet();
                byte[] request = mutation.next();
                socket.getOutputStream().write(request);
                int n = in.read(buffer);
                if (n < 0) {
                    count("closed");
                    return;
                }
                note(request, new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketTimeoutException e) {
            count("waits for more");
        } catch (IOException e) {
            count("closed");
        }
    }

    /** Opens streams until the gateway closes the connection or says nothing. */
    private void connection(FrameMutation mutation) {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(SILENCE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
            FrameReader in = new FrameReader(socket.getInputStream());
            socket.getOutputStream().write(FrameMutation.preface());
            for (int i = 0; i < PIPELINED; i++) {
                sent.incrementAndGet();
                byte[] request = mutation.next(2 * i + 1);
                socket.getOutputStream().write(request);
                String end = in.end(2 * i + 1);
                count("HTTP/2: " + end);
                if (end.equals("500")) {
                    fault("HTTP/2: 500 after " + shown(request));
                }
                if (end.equals("goes away")) {
                    return;
                }
            }
        } catch (SocketTimeoutException e) {
            count("HTTP/2: waits for more");
        } catch (IOException e) {
            count("HTTP/2: closed");
        }
    }

    private synchronized void fault(String what) {
        if (ownFaults.size() < 20) {
            ownFaults.add(what);
        }
    }

    private void note(byte[] request, String answer) {
        // a problem's text may quote what was asked for, which may look like a head; the last true head counts
        String status = STATUS.matcher(answer)
                .results()
                .map(head -> head.group(1))
                .reduce((first, last) -> last)
                .orElse(null);
        if (status == null) {
            count("a further piece");
            return;
        }
        count(status);
        if (status.startsWith("5") && !answer.contains("\"code\":\"upstream_")) {
            fault(answer.lines().findFirst().orElse("") + " after " + shown(request));
        }
    }

    private String shown(byte[] request) {
        String text = new String(request, StandardCharsets.ISO_8859_1).replace(key, "KEY");
        StringBuilder shown = new StringBuilder();
        for (char c : text.toCharArray()) {
            shown.append(c >= ' ' && c < 0x7f && c != '`' ? Character.toString(c) : "\\x%02x".formatted((int) c));
        }
        return "`" + shown + "`";
    }

    private synchronized void count(String what) {
        answers.merge(what, 1L, Long::sum);
    }

    private static int descriptors(long pid) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return (int) open.count();
        }
    }

    private String report(int before, int after, boolean serves, long tookSeconds) {
        StringBuilder out = new StringBuilder("# Fuzzing the edge\n\n");
        out.append(String.format(
                Locale.ROOT,
                "%s, %,d mutated requests in %d s, seed %d. Afterwards the gateway %s; file descriptors %d before, %d after; 5xx of its own: %s.%n%n",
                LocalDate.now(ZoneOffset.UTC),
                sent.get(),
                tookSeconds,
                seed,
                serves ? "serves" : "does not serve",
                before,
                after,
                ownFaults.isEmpty() ? "none" : ownFaults));
        out.append("| answer | how often |\n|---|---|\n");
        answers.forEach((what, count) ->
                out.append("| ").append(what).append(" | ").append(count).append(" |\n"));
        return out.toString();
    }
}
