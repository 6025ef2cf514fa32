package dev.gatehouse.kernel.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Money")
class MoneyTest {

    @Test
    @DisplayName("adds up exactly and is rounded only when asked, half to even, to its currency's decimals")
    void exact() {
        Money tenth = Money.of("0.1", "USD");
        assertThat(tenth.plus(tenth).plus(tenth)).isEqualTo(Money.of("0.3", "USD"));
        assertThat(Money.of("0.125", "USD").rounded()).isEqualTo(Money.of("0.12", "USD"));
        assertThat(Money.of("0.135", "USD").rounded()).isEqualTo(Money.of("0.14", "USD"));
        assertThat(Money.of("12.5", "JPY").rounded()).isEqualTo(Money.of("12", "JPY"));
        assertThat(Money.of("0.5", "USD").times(new BigDecimal("1.001"))).isEqualTo(Money.of("0.5005", "USD"));
    }

    @Test
    @DisplayName("of two currencies does not add up")
    void currencies() {
        assertThatThrownBy(() -> Money.of("1", "USD").plus(Money.of("1", "EUR")))
                .hasMessage("USD and EUR do not add up");
    }
}
