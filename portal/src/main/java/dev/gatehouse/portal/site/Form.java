package dev.gatehouse.portal.site;

import java.util.List;
import java.util.Map;

/** What a form sent, each value cut to a bound and without control characters. */
public record Form(Map<String, List<String>> values) {
    static final int LONGEST = 2_000;
    private static final int MOST = 100;

    /** The value, without blanks around it; empty when it was not sent. */
    public String text(String name) {
        return raw(name).strip();
    }

    /** The value as it was typed, as passwords need it. */
    public String raw(String name) {
        List<String> sent = values.get(name);
        if (sent == null || sent.isEmpty()) {
            return "";
        }
        return bounded(sent.getFirst());
    }

    private static String bounded(String value) {
        return value.substring(0, Math.min(LONGEST, value.length())).replaceAll("[\\p{Cntrl}&&[^\\n]]", "");
    }

    /** Every value that was sent under a name, as boxes that are ticked. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of()).stream()
                .limit(MOST)
                .map(Form::bounded)
                .toList();
    }
}
