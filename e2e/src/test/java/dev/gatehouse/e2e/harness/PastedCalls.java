package dev.gatehouse.e2e.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** The {@code curl} lines of a guide, made as a reader would who pastes them. */
public final class PastedCalls {
    private static final String INDENT = "    ";

    private PastedCalls() {}

    /** Those that need nothing filled in but the key. */
    public static List<String> of(String guide) throws IOException {
        List<String> calls = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        for (String line : Files.readAllLines(Launcher.root().resolve("docs").resolve(guide))) {
            boolean goesOn = !open.isEmpty();
            if (!goesOn && !line.startsWith(INDENT + "curl ")) {
                continue;
            }
            open.append(line.strip());
            if (line.endsWith("\\")) {
                open.setLength(open.length() - 1);
                continue;
            }
            if (!open.toString().contains("_ID")) {
                calls.add(open.toString());
            }
            open.setLength(0);
        }
        return calls;
    }

    /**
     * Makes a call in a shell.
     *
     * @param gateway takes the place of the address in the guide
     * @return the status and the answer
     */
    public static String make(String call, String gateway, String key) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder(
                        "bash",
                        "-c",
                        call.replace("http://127.0.0.1:8080", gateway)
                                .replaceFirst("curl ", "curl -sS -w ' %{http_code}' "))
                .redirectErrorStream(true);
        shell.environment().put("KEY", key);
        Process process = shell.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        int end = out.lastIndexOf(' ');
        return out.substring(end + 1) + " " + out.substring(0, Math.max(0, end));
    }
}
