package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.gatehouse.runtime.json.Json;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The catalogue of events")
class CatalogueTest {
    @Test
    @DisplayName("has an example of each type that its schema takes")
    void examples() {
        JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
        assertThat(WebhooksModule.eventTypes())
                .hasSize(9)
                .allSatisfy(type -> assertThat(
                                schemas.getSchema(Json.tree(type.schema())).validate(Json.tree(type.example())))
                        .as(type.name())
                        .isEmpty());
    }
}
