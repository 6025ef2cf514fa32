package dev.gatehouse.sdk.signal;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which signals are asked for. Immutable: each method gives a narrower query. */
public final class SignalQuery {
    private final Map<String, String> parameters;

    private SignalQuery(Map<String, String> parameters) {
        this.parameters = Map.copyOf(parameters);
    }

    public static SignalQuery all() {
        return new SignalQuery(Map.of());
    }

    /** @param types any of these, as in {@code price_cut} */
    public SignalQuery types(String... types) {
        return with("type", String.join(",", types));
    }

    /** @param area as in {@code county:lucas-oh} or {@code zip:43604} */
    public SignalQuery area(String area) {
        return with("area", area);
    }

    public SignalQuery property(String propertyKey) {
        return with("property", propertyKey);
    }

    public SignalQuery since(Instant instant) {
        return with("since", instant.toString());
    }

    /** @param least {@code low}, {@code medium} or {@code high} */
    public SignalQuery severity(String least) {
        return with("severity", least);
    }

    private SignalQuery with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(name, value);
        return new SignalQuery(more);
    }

    Map<String, String> parameters() {
        return parameters;
    }
}
