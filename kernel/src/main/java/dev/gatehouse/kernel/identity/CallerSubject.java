package dev.gatehouse.kernel.identity;

import java.util.Set;
import java.util.TreeSet;

/**
 * The part of a sealed identity that is the same for every call of a caller, written once in the two forms that services
 * receive.
 *
 * @param text for {@link IdentitySeal}: the fields, joined by {@code |}
 * @param claims for {@link CallerToken}: the members of a JSON object, without its braces
 */
public record CallerSubject(String text, String claims) {

    public static CallerSubject of(CallerIdentity caller) {
        String text = String.join(
                "|",
                caller.tenant().value(),
                caller.slug(),
                caller.plan(),
                caller.key().value(),
                caller.mode().text(),
                String.join(",", new TreeSet<>(caller.scopes())),
                String.join(",", new TreeSet<>(caller.fields())));
        StringBuilder claims = new StringBuilder(256);
        member(claims, "sub", caller.tenant().value());
        member(claims.append(','), "slug", caller.slug());
        member(claims.append(','), "plan", caller.plan());
        member(claims.append(','), "key", caller.key().value());
        member(claims.append(','), "mode", caller.mode().text());
        members(claims.append(','), "scopes", caller.scopes());
        members(claims.append(','), "fields", caller.fields());
        return new CallerSubject(text, claims.toString());
    }

    static void member(StringBuilder json, String name, String value) {
        json.append('"').append(name).append("\":");
        string(json, value);
    }

    private static void members(StringBuilder json, String name, Set<String> values) {
        json.append('"').append(name).append("\":[");
        String comma = "";
        for (String value : new TreeSet<>(values)) {
            json.append(comma);
            string(json, value);
            comma = ",";
        }
        json.append(']');
    }

    /** A JSON string (RFC 8259, section 7). */
    private static void string(StringBuilder json, String value) {
        json.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20) {
                json.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
