package dev.gatehouse.portal.page;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A form as it is shown again: what was typed, and a sentence beside each field that is not right.
 *
 * @param typed values by field; never a password
 * @param faults sentences by field
 */
public record Fields(Map<String, String> typed, Map<String, String> faults) {
    public Fields {
        typed = Map.copyOf(typed);
        faults = Map.copyOf(faults);
    }

    public static Fields empty() {
        return new Fields(Map.of(), Map.of());
    }

    public static Fields typed(String field, String value) {
        return new Fields(Map.of(field, value), Map.of());
    }

    public Fields with(String field, String value) {
        Map<String, String> more = new LinkedHashMap<>(typed);
        more.put(field, value);
        return new Fields(more, faults);
    }

    public Fields fault(String field, String sentence) {
        Map<String, String> more = new LinkedHashMap<>(faults);
        more.put(field, sentence);
        return new Fields(typed, more);
    }

    public String value(String field) {
        return typed.getOrDefault(field, "");
    }

    public String faultOf(String field) {
        return faults.getOrDefault(field, "");
    }

    public boolean ok() {
        return faults.isEmpty();
    }
}
