package dev.gatehouse.bench.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Drives a contender with wrk for a while and measures it meanwhile. */
final class Load {
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ([\\d.]+)(us|ms|s|m)");
    private static final Pattern PERCENTILE = Pattern.compile("(50|99)%\\s+([\\d.]+)(us|ms|s|m)");
    private static final Pattern BAD = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern ERRORS =
            Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");

    private final Path script;
    private final int core;

    Load(Path script, int core) {
        this.script = script;
        this.core = core;
    }

    Sample run(Contender contender, int connections, int seconds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
        command.addAll(List.of("wrk", "-t1", "-c" + connections, "-d" + seconds + "s", "--latency", "-s"));
        command.add(script.toString());
        command.add("http://127.0.0.1:" + contender.port());
        command.addAll(List.of("--", contender.keys().toString()));
        long before = contender.cpuNanos();
        Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!wrk.waitFor(30, TimeUnit.SECONDS) || wrk.exitValue() != 0) {
            wrk.destroyForcibly();
            throw new IOException("wrk failed on " + contender.name() + ":\n" + output);
        }
        long cpu = contender.cpuNanos() - before;
        Matcher requests = find(REQUESTS, output);
        long count = Long.parseLong(requests.group(1));
        double time = seconds(requests.group(2), requests.group(3));
        Matcher percentiles = find(PERCENTILE, output);
        double p50 = seconds(percentiles.group(2), percentiles.group(3));
        if (!percentiles.find()) {
            throw new IOException("wrk names no p99:\n" + output);
        }
        double p99 = seconds(percentiles.group(2), percentiles.group(3));
        return new Sample(
                contender.name(),
                connections,
                count,
                count / time,
                p50 * 1e3,
                p99 * 1e3,
                cpu / 1e3 / Math.max(1, count),
                contender.residentKib() / 1024.0,
                bad(output));
    }

    private static long bad(String output) {
        Matcher bad = BAD.matcher(output);
        Matcher errors = ERRORS.matcher(output);
        long sum = bad.find() ? Long.parseLong(bad.group(1)) : 0;
        if (errors.find()) {
            for (int i = 1; i <= 4; i++) {
                sum += Long.parseLong(errors.group(i));
            }
        }
        return sum;
    }

    private static Matcher find(Pattern pattern, String output) throws IOException {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IOException("wrk says something else than expected:\n" + output);
        }
        return matcher;
    }

    private static double seconds(String number, String unit) {
        double value = Double.parseDouble(number);
        return switch (unit) {
            case "us" -> value / 1e6;
            case "ms" -> value / 1e3;
            case "m" -> value * 60;
            default -> value;
        };
    }
}
