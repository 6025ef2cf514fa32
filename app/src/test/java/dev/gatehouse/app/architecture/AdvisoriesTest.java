package dev.gatehouse.app.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Compares the libraries on the class path with {@code docs/advisories.csv}. */
@DisplayName("The libraries that we use")
class AdvisoriesTest {
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** As a local repository lays them out: {@code …/artifact/version/artifact-version.jar}. */
    private static Map<String, String> onClassPath() {
        Map<String, String> versions = new TreeMap<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(entry);
            Path version = jar.getParent();
            Path artifact = version == null ? null : version.getParent();
            if (entry.endsWith(".jar") && version != null && artifact != null && artifact.getFileName() != null) {
                String name = artifact.getFileName().toString();
                if (jar.getFileName().toString().startsWith(name + "-" + version.getFileName())) {
                    versions.put(name, version.getFileName().toString());
                }
            }
        }
        return versions;
    }

    /** What is listed, each line as library, fixing version, advisory. */
    private static List<String[]> listed() throws IOException {
        Path file = Path.of("docs/advisories.csv");
        List<String> lines =
                Files.readAllLines(Files.exists(file) ? file : Path.of("..").resolve(file));
        List<String[]> listed = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", 4);
            assertThat(cells).as(line).hasSize(4);
            assertThat(cells[0]).as(line).matches("[a-z0-9.-]+:[a-z0-9._-]+");
            assertThat(cells[1]).as(line).matches("\\d+(\\.\\d+)+([.-][A-Za-z]+)?");
            assertThat(cells[2]).as(line).matches("CVE-\\d{4}-\\d{4,}|GHSA(-[a-z0-9]{4}){3}");
            listed.add(cells);
        }
        return listed;
    }

    static int compare(String one, String other) {
        List<BigInteger> a = numbers(one);
        List<BigInteger> b = numbers(other);
        for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
            BigInteger x = i < a.size() ? a.get(i) : BigInteger.ZERO;
            BigInteger y = i < b.size() ? b.get(i) : BigInteger.ZERO;
            if (!x.equals(y)) {
                return x.compareTo(y);
            }
        }
        // 1.0-rc1 comes before 1.0
        return Boolean.compare(isFinal(one), isFinal(other));
    }

    private static boolean isFinal(String version) {
        String lower = version.toLowerCase(Locale.ROOT);
        return !lower.contains("rc")
                && !lower.contains("beta")
                && !lower.contains("alpha")
                && !lower.contains("snapshot");
    }

    private static List<BigInteger> numbers(String version) {
        List<BigInteger> numbers = new ArrayList<>();
        Matcher matcher = NUMBER.matcher(version.split("(?i)[.-](rc|beta|alpha|m)", 2)[0]);
        while (matcher.find()) {
            numbers.add(new BigInteger(matcher.group()));
        }
        return numbers;
    }

    @Test
    @DisplayName("are none of them below the version that mends a known fault")
    void mended() throws IOException {
        Map<String, String> used = onClassPath();
        // else the class path is written in a way that this test does not read
        assertThat(used).containsKeys("netty-codec-http", "postgresql", "jackson-core", "logback-core", "vertx-core");
        List<String> below = new ArrayList<>();
        int compared = 0;
        for (String[] line : listed()) {
            String version = used.get(line[0].substring(line[0].indexOf(':') + 1));
            if (version != null) {
                compared++;
                if (compare(version, line[1]) < 0) {
                    below.add(line[0] + " " + version + " has " + line[2] + ", mended in " + line[1]);
                }
            }
        }
        assertThat(below).isEmpty();
        assertThat(compared).as("lines that are about a library that we use").isGreaterThan(20);
    }

    @Test
    @DisplayName("would be named when they were: versions are compared number by number")
    void compared() {
        assertThat(compare("4.2.9.Final", "4.2.18.Final")).isNegative();
        assertThat(compare("4.2.18.Final", "4.2.18.Final")).isZero();
        assertThat(compare("42.7.8", "42.7.12")).isNegative();
        assertThat(compare("2.22.0", "2.21.4")).isPositive();
        assertThat(compare("1.78.1", "1.78")).isPositive();
        assertThat(compare("2.0-rc1", "2.0")).isNegative();
    }
}
