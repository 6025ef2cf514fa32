package dev.gatehouse.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.forward.Pool;
import dev.gatehouse.kernel.directory.OperationEntry;
import dev.gatehouse.kernel.directory.PoolEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import java.util.List;
import java.util.Map;
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
                        others -> assertThat(others.allowed()).containsExactly("GET"));
    }
}
