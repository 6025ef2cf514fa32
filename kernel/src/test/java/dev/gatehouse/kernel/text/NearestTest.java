package dev.gatehouse.kernel.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The name that a mistyped one may mean")
final class NearestTest {
    private static final List<String> KNOWN = List.of("bbox", "city", "minPrice", "maxPrice", "modifiedSince");

    @Test
    @DisplayName("is the nearest, whatever its case")
    void nearest() {
        assertThat(Nearest.to("minprise", KNOWN)).contains("minPrice");
        assertThat(Nearest.to("modifiedSinse", KNOWN)).contains("modifiedSince");
        assertThat(Nearest.to("ctiy", KNOWN)).contains("city");
        assertThat(Nearest.to("citys", KNOWN)).contains("city");
    }

    @Test
    @DisplayName("is none that shares hardly a letter")
    void none() {
        assertThat(Nearest.to("foo", KNOWN)).isEmpty();
        assertThat(Nearest.to("", KNOWN)).isEmpty();
        assertThat(Nearest.to("x".repeat(10_000), KNOWN)).isEmpty();
    }
}
