package dev.gatehouse.billing.verify;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The offline verifier")
final class InvoiceVerifierTest {
    private static final String BUNDLE = """
            {"format":"gatehouse-invoice-evidence/1","invoice":{"id":"inv_1","number":null,"currency":"USD","total":"0.00",
             "period":{"from":"2026-10-01T00:00:00Z","to":"2026-11-01T00:00:00Z"}},"terms":[],"hours":[],"lines":[]}""";

    @ParameterizedTest(name = "{0} for {1}: {2}")
    @DisplayName("says what is wrong with a file that is no bundle, or a damaged one")
    @CsvSource(
            delimiter = '|',
            value = {
                "gatehouse-invoice | nothing of ours | This is no bundle of the format gatehouse-invoice-evidence/1.",
                "\"lines\":[]} | | The bundle is not JSON, or it was cut off.",
                "USD | XXZ | invoice.currency is \"XXZ\"",
                "2026-10-01T00 | yesterday | The bundle cannot be read",
                "\"terms\":[] | \"terms\":[] | terms is empty"
            })
    void damaged(String part, @Nullable String with, String message) {
        byte[] bundle = BUNDLE.replace(part, with == null ? "" : with).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> InvoiceVerifier.verify(bundle))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
