package dev.gatehouse.app.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.app.role.Ports;
import dev.gatehouse.app.role.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The panel")
class ExposureTest {
    private static final Set<Role> ALL = EnumSet.allOf(Role.class);

    private static List<String> panel(Ports ports, Set<Role> roles) {
        Status status = new Status(
                true,
                "data",
                null,
                null,
                null,
                new Status.Address(ports.adminUri().toString()),
                null,
                Map.of(),
                Map.of(),
                Exposure.warnings(ports, roles),
                0);
        return Panel.lines(status, Duration.ofSeconds(1), Path.of("data/admin-token"), Path.of("log"));
    }

    @Test
    @DisplayName("warns of nothing while only what is public can be reached from elsewhere")
    void quiet() {
        assertThat(panel(new Ports("0.0.0.0", "127.0.0.1", 8080), ALL)).noneMatch(line -> line.contains("Warning"));
    }

    @Test
    @DisplayName("says what can be reached from where, what that allows, and which setting to remove")
    void warns() {
        assertThat(panel(new Ports("127.0.0.1", "0.0.0.0", 8080), ALL))
                .anySatisfy(line -> assertThat(line)
                        .contains("Warning", "mailbox", "administration", "every network", "gatehouse.private-host"));
        assertThat(panel(new Ports("127.0.0.1", "192.0.2.7", 8080), EnumSet.of(Role.GATEWAY)))
                .anySatisfy(line ->
                        assertThat(line).contains("Warning", "192.0.2.7").doesNotContain("mailbox"));
    }
}
