package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.GatewaySettings;
import io.vertx.core.MultiMap;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A client's address")
class ClientAddressTest {
    private static final String PROXY = "10.0.0.1";

    private static String of(String header, String peer, String... lines) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < lines.length; i += 2) {
            headers.add(lines[i], lines[i + 1]);
        }
        GatewaySettings.Edge standard = GatewaySettings.Edge.standard();
        return new ClientAddress(new GatewaySettings.Edge(
                        List.of("10.0.0.0/8"),
                        header,
                        standard.proxyProtocol(),
                        standard.clearText(),
                        standard.maxHeadBytes(),
                        standard.maxTargetBytes(),
                        standard.maxBodyBytes(),
                        standard.idle(),
                        standard.caps()))
                .of(peer, headers);
    }

    @Test
    @DisplayName("is the last that no proxy of ours has, over all lines of the header as one list")
    void oneList() {
        String name = "X-Forwarded-For";
        assertThat(of(name, PROXY, name, "198.51.100.1")).isEqualTo("198.51.100.1");
        assertThat(of(name, PROXY, name, "203.0.113.9", name, "198.51.100.1")).isEqualTo("198.51.100.1");
        assertThat(of(name, PROXY, name, "203.0.113.9, 198.51.100.1", name, "10.2.3.4"))
                .isEqualTo("198.51.100.1");
        assertThat(of(name, PROXY, name, "203.0.113.9", name, "198.51.100.1, 10.1.1.1, 10.2.3.4"))
                .isEqualTo("198.51.100.1");
        // a client that says nothing readable hides behind the last proxy, not behind an address of its choice
        assertThat(of(name, PROXY, name, "203.0.113.9", name, "unknown")).isEqualTo(PROXY);
        assertThat(of(name, PROXY, name, "203.0.113.9, ")).isEqualTo(PROXY);
    }

    @Test
    @DisplayName("comes from the one header that the proxies write, and from no other")
    void oneHeader() {
        String[] both = {"X-Forwarded-For", "198.51.100.1", "Forwarded", "for=203.0.113.9", "X-Real-IP", "192.0.2.7"};
        assertThat(of("X-Forwarded-For", PROXY, both)).isEqualTo("198.51.100.1");
        assertThat(of("Forwarded", PROXY, both)).isEqualTo("203.0.113.9");
        assertThat(of("forwarded", PROXY, both)).isEqualTo("203.0.113.9");
        assertThat(of("X-Real-IP", PROXY, both)).isEqualTo("192.0.2.7");
        assertThat(of("X-Client-IP", PROXY, both)).isEqualTo(PROXY);
        assertThat(of("X-Forwarded-For", PROXY, "X_Forwarded_For", "198.51.100.1"))
                .isEqualTo(PROXY);
    }

    @Test
    @DisplayName("is the peer's own when that is no proxy of ours, whatever it says")
    void stranger() {
        assertThat(of("X-Forwarded-For", "203.0.113.5", "X-Forwarded-For", "198.51.100.1"))
                .isEqualTo("203.0.113.5");
    }

    @Test
    @DisplayName(
            "is read from RFC 7239 with ports, brackets and quotes; a quote that the client left open swallows nothing")
    void forwarded() {
        assertThat(of("Forwarded", PROXY, "Forwarded", "for=\"[2001:db8::1]:4711\";proto=https"))
                .isEqualTo("2001:db8:0:0:0:0:0:1");
        assertThat(of("Forwarded", PROXY, "Forwarded", "by=10.0.0.9;For=198.51.100.1:80"))
                .isEqualTo("198.51.100.1");
        assertThat(of("Forwarded", PROXY, "Forwarded", "for=\"203.0.113.9", "Forwarded", "for=198.51.100.1"))
                .isEqualTo("198.51.100.1");
        assertThat(of("Forwarded", PROXY, "Forwarded", "for=\"203.0.113.9, for=198.51.100.1"))
                .isEqualTo("198.51.100.1");
        assertThat(of("Forwarded", PROXY, "Forwarded", "for=_hidden")).isEqualTo(PROXY);
    }
}
