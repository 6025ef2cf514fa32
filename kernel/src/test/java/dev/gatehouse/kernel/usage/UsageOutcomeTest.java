package dev.gatehouse.kernel.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.usage.UsageOutcome.Attribution;
import dev.gatehouse.kernel.usage.UsageOutcome.Charge;
import dev.gatehouse.kernel.usage.UsageOutcome.Record;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The table of outcomes")
final class UsageOutcomeTest {
    @ParameterizedTest(name = "{0} {1}: {2}, billable {3}")
    @CsvSource({
        "200, COMPLETE, KEPT, true",
        "201, COMPLETE, KEPT, true",
        "204, COMPLETE, KEPT, true",
        "206, COMPLETE, KEPT, true",
        "304, COMPLETE, KEPT, true",
        "302, COMPLETE, KEPT, false",
        "400, COMPLETE, KEPT, false",
        "404, COMPLETE, KEPT, false",
        "500, COMPLETE, GIVEN_BACK, false",
        "502, COMPLETE, GIVEN_BACK, false",
        "503, COMPLETE, GIVEN_BACK, false",
        "504, COMPLETE, GIVEN_BACK, false",
        "200, UPSTREAM_BROKE_OFF, GIVEN_BACK, false",
        "200, CLIENT_GONE_BEFORE_HEAD, KEPT, false",
        "200, CLIENT_GONE_IN_BODY, KEPT, false",
        "500, CLIENT_GONE_IN_BODY, GIVEN_BACK, false",
        "200, UNKNOWN, KEPT, false",
    })
    void admitted(int status, Completion completion, Charge charge, boolean billable) {
        UsageOutcome outcome = UsageOutcome.ofAdmitted(status, completion);
        assertThat(outcome.charge()).isEqualTo(charge);
        assertThat(outcome.charged(7)).isEqualTo(charge == Charge.KEPT ? 7 : 0);
        assertThat(outcome.record()).isEqualTo(Record.EVENT);
        assertThat(outcome.attribution()).isEqualTo(Attribution.TENANT);
        assertThat(outcome.billable(KeyMode.LIVE)).isEqualTo(billable);
        assertThat(outcome.billable(KeyMode.TEST)).isFalse();
    }

    @ParameterizedTest(name = "a refusal with {0} of {1}")
    @CsvSource({
        "401, NOBODY, REFUSED_CALLER_UNKNOWN",
        "401, TENANT, REFUSED_CALLER_KNOWN",
        "403, TENANT, REFUSED_CALLER_KNOWN",
        "429, TENANT, REFUSED_LIMIT",
        "400, TENANT, REFUSED_LIMIT",
        "404, TENANT, REFUSED_LIMIT",
        "431, NOBODY, REFUSED_CALLER_UNKNOWN",
    })
    void refused(int status, Attribution caller, UsageOutcome expected) {
        UsageOutcome outcome = UsageOutcome.ofRefused(status, caller);
        assertThat(outcome).isEqualTo(expected);
        assertThat(outcome.charge()).isEqualTo(Charge.NONE);
        assertThat(outcome.charged(7)).isZero();
        assertThat(outcome.record()).isEqualTo(Record.TALLY);
        assertThat(outcome.attribution()).isEqualTo(caller);
        assertThat(outcome.billable(KeyMode.LIVE)).isFalse();
    }
}
