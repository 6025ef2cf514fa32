package dev.gatehouse.bench.drill;

import dev.gatehouse.bench.sandbox.SandboxInstallation;
import dev.gatehouse.engines.Weather;
import java.io.IOException;
import java.util.Locale;

/** Something that fails, and is well again. */
public enum Drill {
    REDIS_REFUSED(
            "Redis refuses connections",
            "decided locally, no call fails",
            (sandbox, seconds) -> Failures.weather(sandbox.toRedis(), Weather.Kind.REFUSING, seconds)),
    REDIS_HANGS(
            "Redis hangs",
            "the first calls wait 50 ms at most, then as above",
            (sandbox, seconds) -> Failures.weather(sandbox.toRedis(), Weather.Kind.HANGING, seconds)),
    REDIS_SLOW(
            "Redis answers 160 ms late",
            "decided locally, no call fails",
            (sandbox, seconds) -> Failures.weather(sandbox.toRedis(), Weather.Kind.SLOW, seconds)),
    REDIS_FLAPS("Redis comes and goes twice a second", "decided there and here, no call fails", Failures::flap),
    REDIS_FORGETS(
            "Redis loses its memory",
            "no call fails; buckets begin full again; usage is shipped again from the journal",
            Failures::forget),
    REDIS_FAILS_OVER(
            "failover to a replica that is seconds behind",
            "no call fails; what the replica has not seen is let in again",
            Failures::failOver),
    POSTGRES_REFUSED(
            "PostgreSQL refuses connections",
            "the gateway decides as before; services without a cached answer say 5xx",
            (sandbox, seconds) -> Failures.weather(sandbox.toPostgres(), Weather.Kind.REFUSING, seconds)),
    POSTGRES_HANGS(
            "PostgreSQL hangs",
            "as above, after the pool's response timeout",
            (sandbox, seconds) -> Failures.weather(sandbox.toPostgres(), Weather.Kind.HANGING, seconds)),
    SERVICE_REFUSED(
            "another service refuses connections",
            "its own calls get 502 `upstream_unreachable`, then 503 `upstream_unavailable`; other services' are untouched",
            (sandbox, seconds) -> Failures.service(sandbox, Weather.Kind.REFUSING, seconds)),
    SERVICE_HANGS(
            "another service hangs",
            "its own calls get 504 `upstream_timeout` after their route's 500 ms, then 503 `upstream_unavailable`; other"
                    + " services' are untouched",
            (sandbox, seconds) -> Failures.service(sandbox, Weather.Kind.HANGING, seconds)),
    SERVICE_SLOW(
            "another service answers 160 ms late",
            "its own calls take that longer; other services' are untouched",
            (sandbox, seconds) -> Failures.service(sandbox, Weather.Kind.SLOW, seconds)),
    DISK_FULL(
            "the installation's disk takes nothing more (its engines have others)",
            "no call fails: the journal goes on in the segments that are there, lines of the access log are dropped and counted",
            Failures::fillDisk),
    DESCRIPTORS_EXHAUSTED(
            "the process gets no further file descriptor",
            "calls on open connections go on, unless they need a new one to their service (502); new connections wait",
            Failures::exhaustDescriptors),
    PROCESS_KILLED(
            "the installation's process is killed and started again",
            "calls fail until it is up; usage is not lost",
            (sandbox, seconds) -> {
                sandbox.restart();
                return "";
            }),
    PROCESS_STOPS("the process stands still", "calls wait, none is lost", Failures::standStill);

    private final String what;
    private final String stated;
    private final Failure failure;

    Drill(String what, String stated, Failure failure) {
        this.what = what;
        this.stated = stated;
        this.failure = failure;
    }

    @FunctionalInterface
    private interface Failure {
        String make(SandboxInstallation sandbox, long seconds) throws IOException;
    }

    /**
     * Lets it fail for about this long, and returns when it is well again.
     *
     * @return what became of the calls to the failing thing itself; empty when nobody calls it
     */
    public String run(SandboxInstallation sandbox, long seconds) throws IOException {
        return failure.make(sandbox, seconds);
    }

    /** As the command line has it: {@code redis-hangs}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String what() {
        return what;
    }

    /** What is promised of it. */
    public String stated() {
        return stated;
    }
}
