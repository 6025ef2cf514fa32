package dev.gatehouse.signals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The description's examples")
class ExamplesTest {
    @Test
    @DisplayName("are what a test key is answered, to the letter")
    void areAnswers() throws Exception {
        List<JsonNode> examples = new ArrayList<>();
        for (JsonNode path : SignalsModule.description().document().path("paths")) {
            for (JsonNode operation : path) {
                operation
                        .at("/responses/200/content/application~1json/examples")
                        .forEach(examples::add);
            }
        }
        assertThat(examples).hasSizeGreaterThanOrEqualTo(2);
        try (SignalsForTests service = new SignalsForTests()) {
            for (JsonNode example : examples) {
                String call = example.path("summary").asText();
                assertThat(call).startsWith("GET /v2/");
                JsonNode answer =
                        service.get(service.acme.testing(), call.substring(4)).json();
                assertThat(answer.toPrettyString())
                        .as(call)
                        .isEqualTo(example.path("value").toPrettyString());
            }
        }
    }
}
