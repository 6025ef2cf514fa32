package dev.gatehouse.bench.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/**
 * How much of the gateway's CPU time metering takes, from samples of its threads by CPU time while it is under load. What
 * makes, journals, ships and counts a usage event is metering: {@code Reporter.record} and all it calls but the settling of a
 * stated cost, the packages of the journal and of usage, and the threads that ship.
 *
 * @see <a href="https://openjdk.org/jeps/509">JEP 509: JFR CPU-time profiling</a>
 */
public final class MeteringShare {
    private static final int TENANTS = 100;
    private static final int CONNECTIONS = 64;
    private static final String SETTINGS = """
            <?xml version="1.0" encoding="UTF-8"?>
            <configuration version="2.0">
              <event name="jdk.CPUTimeSample">
                <setting name="enabled">true</setting>
                <setting name="stackTrace">true</setting>
                <setting name="throttle">2ms</setting>
              </event>
            </configuration>
            """;

    private MeteringShare() {}

    /**
     * @param samples of the gateway's Java threads, one each 2 ms of CPU time
     * @param metering how many of them are metering's
     * @param byPart metering's samples, by what they were doing
     * @param cpuMicros CPU time per request, with the compiler and the collector
     * @param sampledMicros CPU time per request that samples stand for
     */
    public record Share(
            long samples,
            long metering,
            Map<String, Long> byPart,
            double cpuMicros,
            double sampledMicros,
            double perSecond) {
        public double part() {
            return (double) metering / samples;
        }
    }

    /** Measures a gateway on core 0 that nginx, wrk and Redis on core 1 keep busy. */
    public static Share measure(Path root, int seconds, int warmupSeconds) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("gatehouse-bench-share");
        GatewayBench bench = new GatewayBench(
                root,
                folder,
                new BenchOptions(1, seconds, warmupSeconds, List.of(CONNECTIONS), List.of(), List.of(), "no"));
        try (Processes closing = bench.processes()) {
            GatewayBench.pinSelf();
            int upstream = Processes.freePort();
            bench.startUpstream(upstream);
            int redis = bench.startRedis();
            try (BenchDirectory directory = new BenchDirectory(TENANTS, "http://127.0.0.1:" + upstream)) {
                Contender gateway = bench.startGateway(directory, bench.writeKeys(directory.keys()), redis);
                bench.load().run(gateway, CONNECTIONS, warmupSeconds);
                Path settings = Files.writeString(folder.resolve("cpu.jfc"), SETTINGS);
                Path recording = folder.resolve("gateway.jfr");
                jcmd(gateway, "JFR.start", "name=share", "settings=" + settings, "filename=" + recording);
                Sample load = bench.load().run(gateway, CONNECTIONS, seconds);
                jcmd(gateway, "JFR.stop", "name=share");
                return read(recording, load);
            }
        }
    }

    private static void jcmd(Contender gateway, String... words) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(gateway.process().pid())));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("the flight recorder does not take " + String.join(" ", words));
        }
    }

    private static Share read(Path recording, Sample load) throws IOException {
        long samples = 0;
        long nanos = 0;
        long metering = 0;
        Map<String, Long> byPart = new TreeMap<>();
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                if (!event.getEventType().getName().equals("jdk.CPUTimeSample")) {
                    continue;
                }
                samples++;
                nanos += event.getDuration("samplingPeriod").toNanos();
                String part = part(event);
                if (!part.isEmpty()) {
                    metering++;
                    byPart.merge(part, 1L, Long::sum);
                }
            }
        }
        return new Share(samples, metering, byPart, load.cpuMicros(), nanos / 1e3 / load.requests(), load.perSecond());
    }

    /** What of metering a sample is of; empty when of nothing. */
    private static String part(RecordedEvent event) {
        String thread = event.getThread("eventThread") == null
                ? ""
                : String.valueOf(event.getThread("eventThread").getJavaName());
        if (thread.startsWith("usage-shipper") || thread.startsWith("lettuce")) {
            return "shipping";
        }
        if (event.getStackTrace() == null) {
            return "";
        }
        String part = "";
        for (RecordedFrame frame : event.getStackTrace().getFrames()) {
            RecordedMethod method = frame.getMethod();
            String type = method.getType().getName();
            if (type.startsWith("dev.gatehouse.gateway.journal.JournalRecorder")) {
                part = "journal";
            } else if (type.startsWith("dev.gatehouse.gateway.journal")
                    || type.startsWith("dev.gatehouse.gateway.report.Usage")
                    || type.startsWith("dev.gatehouse.kernel.usage")) {
                part = part.isEmpty() ? "journal" : part;
            } else if (type.endsWith(".LoopAdmission") && part.isEmpty()) {
                // below record() it is the settling of a stated cost: admission's work
                return "";
            } else if (type.equals("dev.gatehouse.gateway.edge.Reporter")
                    && method.getName().equals("record")) {
                return part.isEmpty() ? "making the event" : part;
            }
        }
        return part;
    }
}
