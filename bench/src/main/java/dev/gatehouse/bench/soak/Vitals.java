package dev.gatehouse.bench.soak;

import dev.gatehouse.bench.Machine;
import dev.gatehouse.bench.sandbox.SandboxInstallation;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the installation's process and its Redis hold at a moment.
 *
 * @param atSeconds since the soak's start
 * @param heapMib used right after a collection
 * @param residentMib of the process
 * @param redisMib used memory
 * @param redisKeys keys
 */
record Vitals(double atSeconds, double heapMib, double residentMib, int descriptors, double redisMib, long redisKeys) {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final Pattern MEMORY = Pattern.compile("used_memory:(\\d+)");

    static Vitals of(SandboxInstallation sandbox, double atSeconds) throws IOException {
        long pid = sandbox.pid();
        jcmd(pid, "GC.run");
        Matcher heap = USED.matcher(jcmd(pid, "GC.heap_info"));
        double used = 0;
        // young and old generation; metaspace and class space follow them
        for (int i = 0; i < 2 && heap.find(); i++) {
            used += Long.parseLong(heap.group(1)) / 1024.0;
        }
        RedisClient client = RedisClient.create(sandbox.redis().url());
        try (StatefulRedisConnection<String, String> redis = client.connect()) {
            Matcher memory = MEMORY.matcher(redis.sync().info("memory"));
            double redisMib = memory.find() ? Long.parseLong(memory.group(1)) / 1048576.0 : 0;
            return new Vitals(
                    atSeconds,
                    used,
                    Machine.residentMib(pid),
                    descriptors(pid),
                    redisMib,
                    redis.sync().dbsize());
        } finally {
            client.shutdown();
        }
    }

    private static int descriptors(long pid) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return (int) open.count();
        }
    }

    private static String jcmd(long pid, String command) {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process process = new ProcessBuilder(program, Long.toString(pid), command)
                    .redirectErrorStream(true)
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
