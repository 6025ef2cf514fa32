package dev.gatehouse.runtime.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("JSON")
class JsonTest {
    @Test
    @DisplayName("keeps the digits of a number on its way through a tree: a price never turns into powers of ten")
    void digits() {
        String written = Json.text(Map.of("ListPrice", new BigDecimal("103000.00")));
        assertThat(Json.text(Json.tree(written))).isEqualTo("{\"ListPrice\":103000.00}");
        assertThat(Json.tree(written).path("ListPrice").asText()).isEqualTo("103000.00");
        assertThat(Json.text(Json.MAPPER.valueToTree(Map.of("ListPrice", new BigDecimal("250000.0")))))
                .isEqualTo("{\"ListPrice\":250000.0}");
    }
}
