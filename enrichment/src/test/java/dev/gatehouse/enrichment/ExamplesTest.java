package dev.gatehouse.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The description's examples")
class ExamplesTest {
    @Test
    @DisplayName("are what a test key is answered")
    void areAnswers() throws Exception {
        try (EnrichmentForTests service = new EnrichmentForTests(new TestTown(3).sales(40))) {
            assertThat(service.untrueExamples()).isEmpty();
        }
    }
}
