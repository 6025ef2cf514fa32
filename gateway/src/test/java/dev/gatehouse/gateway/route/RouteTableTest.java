package dev.gatehouse.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.forward.Pool;
import dev.gatehouse.kernel.directory.OperationEntry;
import dev.gatehouse.kernel.directory.PoolEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The table of routes")
class RouteTableTest {
    private static final Pool NO_POOL = new Pool("none", new PoolEntry("default", List.of(), null, 0));

    private static Route route(String name, String method, String path) {
        return new Route(
                new RouteEntry(
                        name,
                        name,
                        List.of("/v2/markets"),
                        List.of(new OperationEntry(name + "-op", method, path, "v2", 1, null, List.of(), false)),
                        List.of(),
                        null,
                        1,
                        false,
                        1,
                        1,
                        1),
                Map.of(),
                NO_POOL);
    }

    private final RouteTable table = new RouteTable(List.of(
            route("signals", "GET", "/v2/markets/{area}"), route("history", "GET", "/v2/markets/{area}/price-index")));

    private String operation(String path) {
        return table.match("GET", path) instanceof RouteMatch.Found found
                ? found.operation().id()
                : "none";
    }

    @Test
    @DisplayName("leads each path under a shared prefix to the route whose description has it")
    void shared() {
        assertThat(operation("/v2/markets/zip:43604")).isEqualTo("signals-op");
        assertThat(operation("/v2/markets/zip:43604/price-index")).isEqualTo("history-op");
        assertThat(operation("/v2/markets/zip:43604/nothing")).isEqualTo("none");
        assertThat(operation("/v2/markets")).isEqualTo("none");
    }

    @Test
    @DisplayName("says the methods of a path that has others, whichever route has it")
    void methods() {
        assertThat(table.match("POST", "/v2/markets/zip:43604/price-index"))
                .isInstanceOfSatisfying(
                        RouteMatch.OtherMethods.class,
                        others -> assertThat(others.allowed()).containsExactly("GET", "HEAD"));
    }

    @Test
    @DisplayName("matches by the normal form, also what an operator declared otherwise")
    void normalForm() {
        RouteTable declared = new RouteTable(List.of(route("export", "GET", "/v2/markets/rep%6frt/%65xport")));
        RequestTarget.Normal target = (RequestTarget.Normal) RequestTarget.of("/v2/m%61rkets/report/ex%70ort");
        assertThat(declared.match("GET", target.path())).isInstanceOf(RouteMatch.Found.class);
    }

    @Test
    @DisplayName("gives a route without a description seven operations, whatever methods are sent")
    void openRoute() {
        RouteEntry entry =
                new RouteEntry("open", "open", List.of("/v2/open"), List.of(), List.of(), null, 1, false, 1, 1, 1);
        RouteTable open = new RouteTable(List.of(new Route(entry, Map.of(), NO_POOL)));
        Set<String> operations = new TreeSet<>();
        for (int i = 0; i < 300; i++) {
            assertThat(open.match("M" + "X".repeat(i % 18) + (char) ('A' + i % 26), "/v2/open/a"))
                    .isInstanceOfSatisfying(
                            RouteMatch.OtherMethods.class,
                            other -> assertThat(other.allowed()).contains("GET", "PATCH"));
        }
        for (String method :
                new String[] {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}) {
            if (open.match(method, "/v2/open/a") instanceof RouteMatch.Found found) {
                operations.add(found.operation().id());
            }
        }
        assertThat(operations).hasSize(7).doesNotContain("open.TRACE", "open.CONNECT");
    }

    @Test
    @DisplayName("never takes TRACE, even where a description has it")
    void trace() {
        RouteTable declared = new RouteTable(List.of(route("t", "TRACE", "/v2/markets/{area}")));
        assertThat(declared.match("TRACE", "/v2/markets/a")).isInstanceOf(RouteMatch.Nowhere.class);
    }
}
