package dev.gatehouse.e2e.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.engines.FreePort;
import dev.gatehouse.engines.PortRange;
import dev.gatehouse.kernel.identity.InternalSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An installation that is up, in one process or in several.
 *
 * @param status what {@code status --json} says, of all its processes together
 * @param secrets its internal secrets, for what another process of it would do
 */
public record Topology(JsonNode status, InternalSecrets secrets, List<RunningGatehouse> processes)
        implements AutoCloseable {
    private static final int SECRET_BYTES = 32;

    /** Every role in one JVM, on embedded engines. */
    public static Topology oneProcess(Path folder) throws Exception {
        RunningGatehouse gatehouse = RunningGatehouse.up(folder, PortRange.find());
        String secret = Files.readString(folder.resolve("secret")).strip();
        return new Topology(gatehouse.status(), secrets(secret), List.of(gatehouse));
    }

    /**
     * Gateway, directory, listings, signals and enrichment in processes of their own, the rest beside the directory, on the
     * same engines.
     *
     * @param more settings of all processes
     */
    public static Topology severalProcesses(Path folder, Map<String, String> more) throws Exception {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        int directory = FreePort.find();
        int events = FreePort.find();
        int listings = FreePort.find();
        Map<String, String> shared = new HashMap<>(more);
        shared.put("GATEHOUSE_SECRET", Base64.getEncoder().encodeToString(secret));
        shared.put("GATEHOUSE_DATABASE_URL", EnginesForTests.newDatabase());
        shared.put("GATEHOUSE_REDIS_URL", EnginesForTests.redis());
        shared.put("GATEHOUSE_QUEUE_URL", EnginesForTests.queue());
        Map<String, String> first = new HashMap<>(shared);
        first.put("GATEHOUSE_DIRECTORY_PORT", Integer.toString(directory));
        first.put("GATEHOUSE_EVENTS_PORT", Integer.toString(events));
        Map<String, String> others = new HashMap<>(shared);
        others.put("GATEHOUSE_DIRECTORY_URL", "http://127.0.0.1:" + directory);
        others.put("GATEHOUSE_EVENTS_URL", "http://127.0.0.1:" + events);
        others.put("GATEHOUSE_LISTINGS_PORT", Integer.toString(listings));
        others.put("GATEHOUSE_LISTINGS_URL", "http://127.0.0.1:" + listings);
        List<RunningGatehouse> processes = new ArrayList<>();
        try {
            processes.add(up(folder, first, "directory,events,metering,webhooks,portal,mail"));
            processes.add(up(folder, others, "listings"));
            processes.add(up(folder, others, "history"));
            processes.add(up(folder, others, "signals"));
            processes.add(up(folder, others, "enrichment"));
            processes.add(up(folder, others, "gateway"));
            ObjectNode status = processes.getFirst().status().deepCopy();
            for (RunningGatehouse process : processes.subList(1, processes.size())) {
                JsonNode other = process.status();
                ((ObjectNode) status.get("roles")).setAll((ObjectNode) other.get("roles"));
                if (other.has("gateway")) {
                    status.set("gateway", other.get("gateway"));
                }
            }
            return new Topology(status, new InternalSecrets(secret), processes);
        } catch (Exception | AssertionError e) {
            stop(processes);
            throw e;
        }
    }

    private static RunningGatehouse up(Path folder, Map<String, String> environment, String roles) throws IOException {
        String name = roles.replace(',', '-');
        return RunningGatehouse.up(folder.resolve(name), PortRange.find(), environment, "--roles", roles);
    }

    private static InternalSecrets secrets(String base64) {
        return new InternalSecrets(
                Base64.getUrlDecoder().decode(base64.replace('+', '-').replace('/', '_')));
    }

    /** The token of the owner of the first process, which has the directory. */
    public String adminToken() throws IOException {
        return Files.readString(processes.getFirst().data().resolve("admin-token"))
                .strip();
    }

    /** The process that runs a role alone. */
    public RunningGatehouse alone(String role) {
        return processes.stream()
                .filter(process -> process.data().endsWith(role))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(role + " runs in no process of its own"));
    }

    /** Kills the process that runs a role alone. */
    public void kill(String role) throws InterruptedException {
        alone(role).kill();
    }

    /** Starts it again. */
    public void startAgain(String role) throws IOException {
        RunningGatehouse ended = alone(role);
        processes.set(processes.indexOf(ended), ended.again());
    }

    @Override
    public void close() throws InterruptedException, IOException {
        stop(processes);
    }

    private static void stop(List<RunningGatehouse> processes) throws InterruptedException, IOException {
        for (RunningGatehouse process : processes.reversed()) {
            process.close();
        }
    }
}
