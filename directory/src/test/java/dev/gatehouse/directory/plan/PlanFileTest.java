package dev.gatehouse.directory.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.plan.Plan;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The plans file")
final class PlanFileTest {
    private static final String ONE = """
            plans:
              solo:
                name: Solo
                daily: 1000
                refillPerMinute: 60
                burst: 60
                weight: 1
                maxConcurrent: 5
                maxQueued: 10
                fields: [core]
                monthlyFee: "9.50"
                includedUnits: 30000
                overagePer1000: "0.125"
                currency: EUR
            """;

    @Test
    @DisplayName("holds by default free, growth, scale and enterprise with their limits")
    void bundled() {
        List<Plan> plans = PlanFile.bundled();
        assertThat(plans).extracting(Plan::slug).containsExactly("free", "growth", "scale", "enterprise");
        assertThat(plans)
                .extracting(Plan::limits)
                .containsExactly(
                        new Limits(1_000, 60, 60),
                        new Limits(50_000, 600, 900),
                        new Limits(250_000, 3_000, 4_500),
                        new Limits(1_000_000, 6_000, 9_000));
    }

    @Test
    @DisplayName("keeps amounts exact")
    void exact() {
        Plan plan = PlanFile.parse("p.yaml", ONE).getFirst();
        assertThat(plan.monthlyFee()).hasToString("9.50 EUR");
        assertThat(plan.overagePer1000()).hasToString("0.125 EUR");
    }

    @Test
    @DisplayName("is refused for a negative number, which is named with its line")
    void negative() {
        assertThatThrownBy(() -> PlanFile.parse("p.yaml", ONE.replace("burst: 60", "burst: -5")))
                .isInstanceOf(PlanFileException.class)
                .hasMessageContaining("p.yaml")
                .hasMessageContaining("line 6: solo.burst is -5: must be a whole number, 1 to " + Limits.MAX);
    }

    @Test
    @DisplayName("is refused with all its faults at once")
    void allFaults() {
        String text = ONE.replace("daily:", "dialy:")
                .replace("EUR", "EURO")
                .replace("\"9.50\"", "\"9.505\"")
                .replace("[core]", "core")
                .replace("weight: 1", "weight: 1.5");
        assertThatThrownBy(() -> PlanFile.parse("p.yaml", text))
                .hasMessageContaining("line 4: solo.dialy is not known")
                .hasMessageContaining("solo.daily is missing")
                .hasMessageContaining("line 7: solo.weight is 1.5")
                .hasMessageContaining("line 10: solo.fields must be a list")
                .hasMessageContaining("line 11: solo.monthlyFee is 9.505")
                .hasMessageContaining("line 14: solo.currency is EURO");
    }

    @Test
    @DisplayName("is refused when it is empty, no YAML, or names a plan twice")
    void unusable() {
        assertThatThrownBy(() -> PlanFile.parse("p.yaml", "")).hasMessageContaining("line 1");
        assertThatThrownBy(() -> PlanFile.parse("p.yaml", "plans: [")).hasMessageContaining("not YAML");
        assertThatThrownBy(() -> PlanFile.parse("p.yaml", ONE + ONE.substring("plans:\n".length())))
                .hasMessageContaining("solo");
    }
}
