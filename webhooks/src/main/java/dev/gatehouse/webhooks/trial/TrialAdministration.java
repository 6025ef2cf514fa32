package dev.gatehouse.webhooks.trial;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.api.AddedOperations;
import dev.gatehouse.runtime.api.AddedOperations.AddedChange;
import dev.gatehouse.runtime.api.AddedOperations.Done;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.http.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Serves {@code administration.yaml} as a part of the admin API: opens and closes ports of this machine to deliveries. */
public final class TrialAdministration {
    private static final int USUAL_SECONDS = 60;

    private record Shown(String tenant, int port, Instant until) {
        static Shown of(Opening opening) {
            return new Shown(opening.tenant().value(), opening.port(), opening.until());
        }
    }

    /** Does something with what is open. */
    public interface Access {
        <T> T with(Function<OpeningStore, T> work);
    }

    private final Access access;
    private final InstantSource clock;

    public TrialAdministration(Access access, InstantSource clock) {
        this.access = access;
        this.clock = clock;
    }

    public static ApiDescription description() {
        return ApiDescription.resource(TrialAdministration.class, "administration.yaml");
    }

    public AddedOperations operations() {
        return new AddedOperations(
                description(),
                Map.of("listOpenReceivers", call -> Response.ok(Map.of("data", open()))),
                Map.of(
                        "openReceiver",
                        change(this::opened, (store, opening) -> store.put(opening, clock.instant())),
                        "closeReceiver",
                        change(this::closed, (store, opening) -> store.remove(opening.tenant(), opening.port()))));
    }

    private List<Shown> open() {
        return access.with(
                store -> store.open(clock.instant()).stream().map(Shown::of).toList());
    }

    /** What a change would do to what is there. */
    private interface Plan {
        Done of(OpeningStore store, Opening wanted);
    }

    private interface Effect {
        void on(OpeningStore store, Opening wanted);
    }

    private AddedChange change(Plan plan, Effect effect) {
        return new AddedChange() {
            @Override
            public Done make(ApiCall call) {
                Opening wanted = wanted(call);
                return access.with(store -> {
                    Done done = plan.of(store, wanted);
                    effect.on(store, wanted);
                    return done;
                });
            }

            @Override
            public Done preview(ApiCall call) {
                Opening wanted = wanted(call);
                return access.with(store -> plan.of(store, wanted));
            }
        };
    }

    private Opening wanted(ApiCall call) {
        if (call.has("tenant")) {
            return new Opening(
                    new TenantId(call.text("tenant").orElseThrow()),
                    call.integer("port").orElseThrow(),
                    clock.instant());
        }
        return new Opening(
                new TenantId(call.json().path("tenant").asText()),
                call.json().path("port").asInt(),
                clock.instant().plusSeconds(call.json().path("seconds").asInt(USUAL_SECONDS)));
    }

    private Done opened(OpeningStore store, Opening wanted) {
        Shown after = Shown.of(wanted);
        return done(store, wanted, after, after);
    }

    private Done closed(OpeningStore store, Opening wanted) {
        return done(store, wanted, null, Map.of("closed", before(store, wanted).isPresent()));
    }

    private Done done(OpeningStore store, Opening wanted, @Nullable Object after, Object answer) {
        return new Done(
                "127.0.0.1:" + wanted.port(),
                wanted.tenant(),
                before(store, wanted).map(Shown::of).orElse(null),
                after,
                answer);
    }

    private Optional<Opening> before(OpeningStore store, Opening wanted) {
        return store.find(wanted.tenant(), wanted.port(), clock.instant());
    }
}
