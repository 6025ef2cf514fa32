package dev.gatehouse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** On what a run was measured. */
public final class Machine {
    private Machine() {}

    /** Processor, cores, kernel and Java. */
    public static Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "machine",
                first("lscpu", "Model name") + ", " + first("lscpu", "CPU(s)") + " cores, Linux "
                        + System.getProperty("os.version"));
        facts.put("Java", System.getProperty("java.runtime.version") + " " + System.getProperty("java.vendor"));
        return facts;
    }

    /** The first line that a program prints about itself; says so when it is not there. */
    public static String version(String... command) {
        return output(command).lines().findFirst().orElse("unknown").strip();
    }

    private static String first(String program, String label) {
        return output(program)
                .lines()
                .filter(line -> line.startsWith(label))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown processor");
    }

    private static String output(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return command[0].toLowerCase(Locale.ROOT) + " is not there";
        }
    }
}
