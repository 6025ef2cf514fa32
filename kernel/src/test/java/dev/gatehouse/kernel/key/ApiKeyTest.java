package dev.gatehouse.kernel.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The text of a key")
class ApiKeyTest {

    @Test
    @DisplayName("says its mode, has 48 characters and is never made twice")
    void form() {
        assertThat(ApiKey.generate(KeyMode.LIVE)).startsWith("gate_live_").hasSize(ApiKey.LENGTH);
        assertThat(ApiKey.generate(KeyMode.TEST)).startsWith("gate_test_");
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            assertThat(made.add(ApiKey.generate(KeyMode.LIVE))).isTrue();
        }
    }

    @Test
    @DisplayName("is refused without a lookup when any one of its characters is wrong")
    void typo() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            String key = ApiKey.generate(KeyMode.LIVE);
            assertThat(ApiKey.isWellFormed(key)).isTrue();
            int at = random.nextInt(key.length());
            char wrong = key.charAt(at) == 'x' ? 'y' : 'x';
            String typo = key.substring(0, at) + wrong + key.substring(at + 1);
            assertThat(ApiKey.isWellFormed(typo)).as(typo).isFalse();
            assertThat(ApiKey.isWellFormed(key.substring(1))).isFalse();
        }
    }

    @Test
    @DisplayName("shows 16 characters of itself and no more")
    void display() {
        String key = ApiKey.generate(KeyMode.LIVE);
        assertThat(ApiKey.displayPrefix(key)).hasSize(16).isEqualTo(key.substring(0, 16));
        assertThat(ApiKey.hashHex(key)).matches("[0-9a-f]{64}").doesNotContain(key);
    }
}
