package dev.gatehouse.gateway.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.key.KeyMode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A key in a text")
class KeyMaskTest {
    @Test
    @DisplayName("loses its secret in every spelling, wherever it stands")
    void masked() {
        for (KeyMode mode : KeyMode.values()) {
            String key = ApiKey.generate(mode);
            String secret = key.substring(key.lastIndexOf('_') + 1);
            for (String text : new String[] {
                key,
                "/a/" + key + "/b",
                "x" + key + "y",
                "?key=" + key + "&a=" + key,
                key.replace("_", "%5F"),
                key.replace("_", "%5f"),
                key.replace("_", "%255f"),
                key.substring(0, 30)
            }) {
                assertThat(KeyMask.of(text))
                        .doesNotContain(secret.substring(0, 12))
                        .contains("…");
                assertThat(KeyMask.ofSentence(text)).doesNotContain(secret.substring(0, 12));
                assertThat(KeyMask.isIn(text)).isTrue();
            }
            assertThat(KeyMask.of(key.toUpperCase(java.util.Locale.ROOT))).hasSizeLessThan(20);
        }
    }

    @Test
    @DisplayName("may be named by its prefix in a sentence of ours, and what is no key stays as it is")
    void kept() {
        assertThat(KeyMask.ofSentence("The key gate_live_Ab12Cd34… lacks the scope"))
                .contains("gate_live_Ab12Cd34…");
        for (String text : new String[] {"/v2/gates/live", "gate", "", "/v2/gate_keeper/1", "/investigate_test"}) {
            assertThat(KeyMask.of(text)).isEqualTo(text);
            assertThat(KeyMask.isIn(text)).isFalse();
        }
    }
}
