package dev.gatehouse.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What an installation has written into its logs: its own output, the access log, and those of its engines. */
public final class WrittenDown {
    private static final List<String> SHOWN_ONCE = List.of("Demo key", "Try ");

    private WrittenDown() {}

    /**
     * Looks for secrets in everything.
     *
     * @param secrets by what they are
     * @throws AssertionError naming the secret's kind and the line's place, not the secret
     */
    public static void hasNone(Topology topology, Map<String, String> secrets) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(secrets);
        Map<String, List<String>> logs = new LinkedHashMap<>();
        for (RunningGatehouse process : topology.processes()) {
            String name = process.data().getFileName().toString();
            logs.put(
                    "the output of " + name,
                    process.says()
                            .lines()
                            .filter(line -> SHOWN_ONCE.stream().noneMatch(line.strip()::startsWith))
                            .toList());
            try (Stream<Path> files = Files.walk(process.data())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String text = file.getFileName().toString();
                    if (text.contains(".log") || text.equals("logfile")) {
                        logs.put(process.data().relativize(file).toString(), lines(file));
                    } else if (text.equals("secret") || text.equals("password") || text.equals("admin-token")) {
                        all.put(
                                "what is in " + name + "/" + process.data().relativize(file),
                                Files.readString(file).strip());
                    }
                }
            }
        }
        assertThat(logs.keySet())
                .as("an installation that has worked has an access log")
                .anyMatch(name -> name.contains("access.log"));
        assertThat(all).allSatisfy((kind, secret) -> assertThat(secret).as(kind).hasSizeGreaterThan(10));
        logs.forEach((place, lines) -> {
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                int number = i + 1;
                all.forEach((kind, secret) -> {
                    if (line.contains(secret)) {
                        throw new AssertionError(kind + " is in " + place + ", line " + number);
                    }
                });
            }
        });
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
