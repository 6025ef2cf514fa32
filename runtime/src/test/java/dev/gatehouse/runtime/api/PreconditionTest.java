package dev.gatehouse.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.kernel.problem.ProblemException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("If-Match")
class PreconditionTest {
    @ParameterizedTest
    @ValueSource(strings = {"\"7\"", " \"7\" ", "\"3\",\"7\"", "W/\"7\", \"7\"", "*", "\"someone-elses\", \"7\""})
    @DisplayName("lets a change of the version that it names through")
    void holds(String header) {
        assertThatCode(() -> Precondition.parse(header).check(7)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"6\"", "W/\"7\"", "\"07\"", "\"7.0\"", "\"\"", "\"7 \"x", "\"99999999999999999999\"", "\"a\""})
    @DisplayName("refuses a change of any other version, and of a header that is no tag of ours")
    void fails(String header) {
        assertThatThrownBy(() -> Precondition.parse(header).check(7)).isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "\"7", "7\"", "\"7\",", ",\"7\"", "\"7\" \"8\"", "*, \"7\"", "\"7\";x"})
    @DisplayName("is a 400 that says what it must look like when it is no list of entity tags")
    void malformed(String header) {
        assertThatThrownBy(() -> Precondition.parse(header)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().status()).isEqualTo(400);
            assertThat(e.problem().errors()).hasSize(1);
        });
        assertThatThrownBy(() -> Precondition.parse("\"1\",".repeat(200) + "\"1\""))
                .isInstanceOf(ProblemException.class);
    }
}
