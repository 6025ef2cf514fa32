package dev.gatehouse.app.command;

import dev.gatehouse.app.start.Status;
import dev.gatehouse.app.start.Up;
import dev.gatehouse.app.start.UpOptions;
import dev.gatehouse.engines.PortRange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/**
 * Starts everything on a folder that is thrown away, makes the calls of a first minute, and stops. The launcher lets the
 * JVM watch it and keeps what it loaded and compiled (JEP 514: a cache for later starts).
 */
@Command(name = "rehearse", hidden = true, description = "Start, call and stop once, for the launcher's cache.")
final class RehearseCommand implements Callable<Integer> {
    private static final int CALLS = 50;

    private final HttpClient http = HttpClient.newHttpClient();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("gatehouse-rehearsal-");
        try {
            UpOptions options = UpOptions.read(
                    folder.resolve("data"),
                    Map.of("gatehouse.port", Integer.toString(PortRange.find())),
                    Optional.empty());
            try (Up up = Up.on(options, line -> {})) {
                up.start();
                calls(up.status());
            }
        } finally {
            delete(folder);
        }
        return Exit.DONE;
    }

    private void calls(Status status) throws IOException, InterruptedException {
        String key = status.demo() == null ? "" : status.demo().key();
        for (int i = 0; i < CALLS; i++) {
            for (String path : List.of("/v2/listings?limit=2", "/v2/account/limits", "/v2/account/usage")) {
                get(status.gateway(), path, key);
            }
        }
        for (String page : List.of("/", "/sign-up", "/sign-in")) {
            get(status.portal(), page, "");
        }
    }

    private void get(Status.@Nullable Address address, String path, String key)
            throws IOException, InterruptedException {
        if (address == null) {
            return;
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address.url() + path)).timeout(Duration.ofSeconds(10));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        http.send(request.build(), HttpResponse.BodyHandlers.discarding());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
