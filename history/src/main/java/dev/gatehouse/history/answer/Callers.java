package dev.gatehouse.history.answer;

import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.http.Response;

/** What an answer depends on besides the question: who asks. */
final class Callers {
    private Callers() {}

    /** Whether the caller sees the sandbox's fixed data: test-mode keys do. */
    static boolean isInSandbox(ApiCall call) {
        return call.caller().mode() == KeyMode.TEST;
    }

    /** An answer that only the caller itself may keep, and asks about before it shows it again. */
    static Response kept(Response response) {
        return response.with("Cache-Control", "private, no-cache");
    }
}
