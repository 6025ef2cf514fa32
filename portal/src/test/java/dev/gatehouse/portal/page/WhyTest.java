package dev.gatehouse.portal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.usage.AdmissionRecord;
import dev.gatehouse.kernel.usage.RefusedCall;
import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.sandbox.Browser;
import dev.gatehouse.portal.sandbox.Sandbox;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Why a call went as it did")
final class WhyTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static Sandbox sandbox;
    private static Browser browser;
    private static Organisation own;

    @BeforeAll
    static void start() throws Exception {
        sandbox = new Sandbox(CLOCK);
        browser = sandbox.member("why@example.com", "Why Ltd");
        own = sandbox.organisations.all().getFirst();
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    @DisplayName("is told for an admitted call: key, bucket and quota before and after, upstream, times")
    void admitted() throws Exception {
        sandbox.calls("Why Ltd", 3, CLOCK.instant());
        String id = sandbox.usage.lastCalls(own.id(), 1).getFirst().event().requestId();
        assertThat(browser.get("/usage/calls/" + id).body())
                .contains("Try-it in the portal", "60.0 → 59.0", "127.0.0.1:9000", "of it the service", "county");
    }

    @Test
    @DisplayName(
            "is told for a refused call, by our id or by the client's: code, reason, levels, wait, and that it cost nothing")
    void refused() throws Exception {
        RefusedCall call = refusal("rate_limited", 429, 17, new AdmissionRecord(400, 400, 812, 812, false));
        sandbox.refused.calls.add(call);
        for (String id : new String[] {call.requestId(), String.valueOf(call.clientRequestId())}) {
            HttpResponse<String> page = browser.get("/usage/calls/" + id);
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body())
                    .contains("rate_limited", "The burst bucket is empty.", "0.4 of 60", "812 of 1,000")
                    .contains("17 s (Retry-After)", "takes no units", "First key", "nightly-4711");
        }
        assertThat(browser.get("/usage").body()).contains(call.requestId());
    }

    @Test
    @DisplayName("is told for a call that nobody looked up the limits of, without inventing them")
    void beforeAdmission() throws Exception {
        RefusedCall call = refusal("key_revoked", 401, -1, null);
        sandbox.refused.calls.add(call);
        assertThat(browser.get("/usage/calls/" + call.requestId()).body())
                .contains("The API key was revoked.", "waiting does not help")
                .doesNotContain("Burst bucket", "Daily quota");
    }

    @Test
    @DisplayName("is not told to another organisation")
    void foreign() throws Exception {
        RefusedCall call = refusal("rate_limited", 429, 1, null);
        sandbox.refused.calls.add(call);
        Browser other = sandbox.member("other@example.com", "Other Ltd");
        assertThat(other.get("/usage/calls/" + call.requestId()).statusCode()).isEqualTo(404);
        assertThat(other.get("/usage").body()).doesNotContain(call.requestId());
    }

    private static RefusedCall refusal(String code, int status, long wait, @Nullable AdmissionRecord levels) {
        return new RefusedCall(
                own.id(),
                sandbox.organisations.keys(own.id()).getLast().id(),
                CLOCK.instant(),
                PrefixedId.next("req", CLOCK),
                "nightly-4711",
                code,
                status,
                "The bucket holds nothing; 60 flow back each minute.",
                "GET",
                "/v2/listings",
                "searchListings",
                1,
                wait,
                new Limits(1_000, 60, 60),
                levels);
    }
}
