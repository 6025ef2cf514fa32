package dev.gatehouse.app.start;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.app.engine.Engine;
import dev.gatehouse.app.installation.Demo;
import dev.gatehouse.engines.EngineState;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an installation stands: what {@code status} shows. A part that this process does not have is absent.
 *
 * @param ready whether every role of the process does its work and every engine runs
 * @param demo the tenant for a first look
 * @param roles by name
 * @param engines by name
 * @param warnings what its owner should know, in sentences
 * @param setAside records that this process cannot use; see {@code gatehouse set-aside list}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Status(
        boolean ready,
        String data,
        @Nullable Address gateway,
        @Nullable Address portal,
        @Nullable Address mail,
        Address admin,
        @Nullable Demo demo,
        Map<String, RoleStatus> roles,
        Map<String, EngineStatus> engines,
        List<String> warnings,
        long setAside) {

    /** Where something answers. */
    public record Address(String url) {}

    /** @param state {@code up} or {@code down} */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RoleStatus(String state, @Nullable String url) {}

    /**
     * @param state {@code up}, {@code down}, or {@code restarting} when it ended by itself and is not back yet
     * @param url without credentials
     * @param embedded whether the process started it
     * @param restarts how often an embedded one was started again since the process came up
     * @param note what happened to it last, in a sentence
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record EngineStatus(
            String state,
            String url,
            boolean embedded,
            @Nullable Integer restarts,
            @Nullable String note) {
        static EngineStatus of(Engine engine) {
            boolean alive = engine.alive().getAsBoolean();
            return engine.state()
                    .get()
                    .map(state -> new EngineStatus(
                            alive || state.condition() == EngineState.Condition.UP
                                    ? Status.state(alive)
                                    : state.condition().name().toLowerCase(Locale.ROOT),
                            engine.shownUrl(),
                            true,
                            state.restarts(),
                            state.note().isEmpty() ? null : state.note()))
                    .orElseGet(() -> new EngineStatus(Status.state(alive), engine.shownUrl(), false, null, null));
        }
    }

    static String state(boolean up) {
        return up ? "up" : "down";
    }
}
