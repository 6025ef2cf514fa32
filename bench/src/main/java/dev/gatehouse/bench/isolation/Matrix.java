package dev.gatehouse.bench.isolation;

import dev.gatehouse.bench.sandbox.SandboxInstallation;
import dev.gatehouse.bench.sandbox.SandboxInstallation.Allowance;
import dev.gatehouse.bench.sandbox.SteadyLoad;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A quiet tenant of an installation, and hostile ones that come and go beside it. */
final class Matrix {
    private static final String QUIET_CALL = "/v2/listings?city=Toledo&limit=5";

    private final SandboxInstallation sandbox;
    private final String key;
    private final int seconds;
    private final int perSecond;
    private final int divisor;
    private final int rest;
    private int attackers;

    /**
     * @param seconds that the quiet tenant is alone, and again beside
     * @param perSecond its rate
     * @param divisor of the hostile tenant's numbers and rates
     * @param rest seconds for what the hostile one before left under way to be gone
     */
    Matrix(SandboxInstallation sandbox, int seconds, int perSecond, int divisor, int rest) throws IOException {
        this.sandbox = sandbox;
        this.seconds = seconds;
        this.perSecond = perSecond;
        this.divisor = divisor;
        this.rest = rest;
        key = sandbox.tenant("Quiet", new Allowance("growth", 50_000_000, 6_000_000, 6_000_000));
    }

    /** Calls for some seconds without looking: at its usual rate, and at ten times that. */
    void warm(int forSeconds) throws IOException {
        try (SteadyLoad slow = quiet(perSecond);
                SteadyLoad fast = quiet(10 * perSecond)) {
            pause(forSeconds);
        }
    }

    /** A new hostile tenant each time, so that none is held to account for the one before. */
    Row round(Hostility hostility) throws IOException {
        try (Attacker attacker = new Attacker(sandbox, Integer.toString(++attackers), divisor);
                SteadyLoad quiet = quiet(perSecond)) {
            pause(rest);
            long start = quiet.now();
            pause(seconds);
            long middle = quiet.now();
            attacker.begin(hostility, perSecond);
            // what it takes to come to its full strength belongs to the hostility
            pause(seconds);
            long end = quiet.now();
            SteadyLoad.Part alone = quiet.between(start, middle);
            SteadyLoad.Part beside = quiet.between(middle, end);
            return new Row(
                    alone.percentile(0.5),
                    alone.percentile(0.99),
                    beside.percentile(0.5),
                    beside.percentile(0.99),
                    beside.percentile(1),
                    beside.calls(),
                    alone.failures(),
                    beside.failures(),
                    beside.kinds());
        }
    }

    private SteadyLoad quiet(int rate) {
        return new SteadyLoad(sandbox.port(), null, key, rate, 4, i -> QUIET_CALL);
    }

    private static void pause(int seconds) {
        try {
            TimeUnit.SECONDS.sleep(seconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
