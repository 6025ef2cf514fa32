package dev.gatehouse.metering.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.metering.accesslog.LogCount.Hour;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An old system's access log")
final class LogCountTest {
    private static final Instant TEN = Instant.parse("2026-11-25T10:00:00Z");
    private final List<String> rejects = new ArrayList<>();

    @Test
    @DisplayName("in the combined format is counted by user and hour in UTC, refusals apart")
    void combined() throws IOException {
        LogCount count = count(new CombinedFormat(new CallerSource.User()), """
                10.0.0.1 - acme [25/Nov/2026:11:59:59 +0100] "GET /v1/homes?zip=43604 HTTP/1.1" 200 512 "-" "curl/8 \\"x\\""
                10.0.0.1 - acme [25/Nov/2026:05:30:00 -0500] "GET /v1/homes HTTP/1.1" 429 20 "-" "curl/8"
                10.0.0.2 - zillow [25/Nov/2026:11:00:00 +0000] "POST /v1/homes HTTP/1.1" 500 0
                10.0.0.2 - - [25/Nov/2026:11:00:01 +0000] "GET / HTTP/1.1" 401 0
                """);
        assertThat(count.callers().get("acme")).isEqualTo(Map.of(TEN, new Hour(1, 1)));
        assertThat(count.callers().get("zillow")).isEqualTo(Map.of(TEN.plusSeconds(3_600), new Hour(1, 0)));
        assertThat(count.anonymous()).isEqualTo(1);
        assertThat(count.first()).isEqualTo(Instant.parse("2026-11-25T10:30:00Z"));
        assertThat(count.last()).isEqualTo(Instant.parse("2026-11-25T11:00:01Z"));
        assertThat(rejects).isEmpty();
    }

    @Test
    @DisplayName("tells its caller by a parameter or a segment of the path, too")
    void callers() throws IOException {
        String line =
                "1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] \"GET /t/acme%20corp/homes?key=a%2Fb HTTP/1.1\" 200 5\n";
        assertThat(count(new CombinedFormat(CallerSource.parse("query:key")), line)
                        .callers())
                .containsOnlyKeys("a/b");
        assertThat(count(new CombinedFormat(CallerSource.parse("path:2")), line).callers())
                .containsOnlyKeys("acme%20corp");
        assertThat(count(new CombinedFormat(CallerSource.parse("address")), line)
                        .callers())
                .containsOnlyKeys("1.2.3.4");
        assertThatThrownBy(() -> CallerSource.parse("header:x")).hasMessageContaining("does not tell a caller");
    }

    @Test
    @DisplayName("as JSON lines takes fields within objects, and times as text, seconds or milliseconds")
    void json() throws IOException {
        LogCount count = count(new JsonLinesFormat("auth.user", "ts", "status"), """
                {"ts":"2026-11-25T10:00:00Z","status":200,"auth":{"user":"acme"}}
                {"ts":1795600800,"status":"304","auth":{"user":"acme"}}
                {"ts":1795600800123,"status":404,"auth.user":"acme"}
                """);
        assertThat(count.callers().getOrDefault("acme", new TreeMap<>()).values().stream()
                        .mapToLong(Hour::calls)
                        .sum())
                .isEqualTo(3);
        assertThat(rejects).isEmpty();
    }

    @Test
    @DisplayName("with broken lines is counted all the same, and each broken line is named with its number and reason")
    void broken() throws IOException {
        String good = "1.2.3.4 - acme [25/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5\n";
        LogCount count = count(
                new CombinedFormat(new CallerSource.User()),
                good
                        + "nonsense\n\n"
                        + "1.2.3.4 - acme [99/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5\n"
                        + "\"".repeat(1 << 20)
                        + "\n"
                        + "1.2.3.4 - acme [25/Nov/2026:10:00:00 +0000] \"" + "\\x16".repeat(15_000) + "\n"
                        + good.stripTrailing());
        assertThat(count.lines()).isEqualTo(7);
        assertThat(count.broken()).isEqualTo(4);
        assertThat(count.callers().getOrDefault("acme", new TreeMap<>()).get(TEN))
                .isEqualTo(new Hour(2, 0));
        assertThat(rejects).hasSize(4);
        assertThat(rejects.get(0)).isEqualTo("2 is not in the combined format: nonsense");
        assertThat(rejects.get(1)).startsWith("4 its time 99/Nov/2026");
        assertThat(rejects.get(2)).startsWith("5 is longer than 65536 octets");
        count(new JsonLinesFormat("tenant", "time", "status"), """
                [1]
                {"time":"yesterday","status":200}
                {"time":"2026-11-25T10:00:00Z","status":0}
                {
                """);
        assertThat(rejects).hasSize(8);
    }

    @Test
    @DisplayName("agrees with a ledger that has the same calls in each hour, and may have more at the log's edges")
    void compares() {
        Instant eleven = TEN.plusSeconds(3_600);
        Instant twelve = TEN.plusSeconds(7_200);
        Map<String, Map<Instant, Hour>> log =
                Map.of("acme", Map.of(TEN, new Hour(5, 0), eleven, new Hour(7, 1), twelve, new Hour(1, 0)));
        Map<String, Map<Instant, Hour>> ledger =
                Map.of("acme", Map.of(TEN, new Hour(9, 0), eleven, new Hour(7, 0), twelve, new Hour(3, 0)));
        LogComparison same = LogComparison.of(log, ledger, TEN.plusSeconds(600), twelve.plusSeconds(10));
        assertThat(same.agrees()).isTrue();
        assertThat(same.rows().getFirst().log()).isEqualTo(new Hour(13, 1));
        Map<String, Map<Instant, Hour>> less = Map.of("acme", Map.of(TEN, new Hour(9, 0), eleven, new Hour(6, 0)));
        assertThat(LogComparison.of(log, less, TEN, twelve).differences())
                .extracting(LogComparison.Difference::hour)
                .containsExactly(eleven, twelve);
        assertThat(LogComparison.of(Map.of(), less, TEN, twelve).differences()).hasSize(1);
    }

    private LogCount count(LogFormat format, String text) throws IOException {
        return LogCount.of(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                format,
                (number, line) -> rejects.add(number + " " + line),
                lines -> {});
    }
}
