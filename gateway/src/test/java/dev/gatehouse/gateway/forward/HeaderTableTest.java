package dev.gatehouse.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalHeaders;
import dev.gatehouse.kernel.identity.InternalSecrets;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("The table of headers")
class HeaderTableTest {
    /** What a server that hands headers on as variables cannot tell from the name. */
    private static List<String> spellings(String name) {
        return List.of(
                name,
                name.toUpperCase(Locale.ROOT),
                name.replace('-', '_'),
                name.replace('-', '_').toUpperCase(Locale.ROOT),
                name.replace('-', '.'),
                name.replace('-', '~'),
                name.replaceFirst("-", "_"));
    }

    private static MultiMap one(String name) {
        return MultiMap.caseInsensitiveMultiMap().add(name, "theirs");
    }

    private static MultiMap toService(MultiMap from) {
        MultiMap to = MultiMap.caseInsensitiveMultiMap();
        PassedHeaders.toService(from, to);
        return to;
    }

    private static MultiMap toClient(MultiMap from) {
        MultiMap to = MultiMap.caseInsensitiveMultiMap();
        PassedHeaders.toClient(from, to);
        return to;
    }

    @TestFactory
    @DisplayName("holds for every row, both ways, in every spelling")
    Stream<DynamicTest> walked() {
        return HeaderTable.ROWS.stream()
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> {
                    String name = row.name().replace("*", "anything-else");
                    for (String spelling : spellings(name)) {
                        assertThat(toService(one(spelling)).isEmpty())
                                .as("%s ends before the service", spelling)
                                .isEqualTo(row.request() != HeaderTable.Fate.PASSES);
                        assertThat(toClient(one(spelling)).isEmpty())
                                .as("%s ends before the client", spelling)
                                .isEqualTo(row.answer() != HeaderTable.Fate.PASSES);
                        if (row.request() == HeaderTable.Fate.SET) {
                            assertThat(HeaderTable.mayBeNamedByConnection(spelling))
                                    .as(spelling)
                                    .isFalse();
                        }
                    }
                }));
    }

    @Test
    @DisplayName("lists what the gateway itself says to services and to clients")
    void ours() {
        for (String name : new String[] {
            IdentitySeal.HEADER,
            InternalSecrets.PROCESS_HEADER,
            InternalHeaders.COST,
            InternalHeaders.REQUEST_ID,
            "X-Forwarded-For",
            "X-Forwarded-Proto",
            "X-Forwarded-Host",
            "traceparent",
            "tracestate"
        }) {
            assertThat(toService(one(name)).isEmpty()).as(name).isTrue();
        }
        for (String name : new String[] {
            IdentitySeal.HEADER,
            InternalHeaders.COST,
            "X-Request-ID",
            "X-Response-Time",
            "X-RateLimit-Tenant",
            "X-RateLimit-BurstRemaining",
            "RateLimit",
            "RateLimit-Policy",
            "Gatehouse-Degraded"
        }) {
            assertThat(toClient(one(name)).isEmpty()).as(name).isTrue();
        }
    }

    @Test
    @DisplayName("lets what it does not list pass, but no second spelling of what describes the body")
    void others() {
        for (String name :
                new String[] {"Accept", "Content-Type", "If-None-Match", "X-My_Header", "x_mine", "Idempotency-Key"}) {
            assertThat(toService(one(name)).isEmpty()).as(name).isFalse();
            assertThat(toClient(one(name)).isEmpty()).as(name).isFalse();
        }
        for (String name : new String[] {"Content_Type", "CONTENT_ENCODING", "Content.Length", "content_length"}) {
            assertThat(toService(one(name)).isEmpty()).as(name).isTrue();
        }
    }

    @Test
    @DisplayName("takes all lines of Connection for one list")
    void connection() {
        MultiMap from = MultiMap.caseInsensitiveMultiMap()
                .add("Connection", "keep-alive")
                .add("Connection", "close, X-Hop")
                .add("Connection", "x-other")
                .add("X-Hop", "theirs")
                .add("X-Other", "theirs")
                .add("X-Kept", "theirs");
        assertThat(toService(from).names()).containsExactly("X-Kept");
        assertThat(toClient(from).names()).containsExactly("X-Kept");
    }
}
