package dev.gatehouse.app.start;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.app.installation.Demo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an installation stands: what {@code status} shows. A part that this process does not have is absent.
 *
 * @param ready whether every role of the process does its work and every engine runs
 * @param demo the tenant for a first look
 * @param roles by name
 * @param engines by name
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
        Map<String, EngineStatus> engines) {

    /** Where something answers. */
    public record Address(String url) {}

    /** @param state {@code up} or {@code down} */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RoleStatus(String state, @Nullable String url) {}

    /**
     * @param state {@code up} or {@code down}
     * @param url without credentials
     * @param embedded whether the process started it
     */
    public record EngineStatus(String state, String url, boolean embedded) {}

    static String state(boolean up) {
        return up ? "up" : "down";
    }
}
