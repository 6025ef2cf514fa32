package dev.gatehouse.bench.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code --name value} and {@code --name=value}, of a few known names. */
public final class Options {
    private final Map<String, String> given = new LinkedHashMap<>();

    /** @throws IllegalArgumentException for a name that is not known, naming those that are */
    public static Options parse(List<String> arguments, String... known) {
        Options options = new Options();
        Set<String> names = Set.of(known);
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            String name = (equals < 0 ? argument : argument.substring(0, equals)).replaceFirst("^--", "");
            if (!argument.startsWith("--") || !names.contains(name) || (equals < 0 && i + 1 == arguments.size())) {
                throw new IllegalArgumentException(
                        argument + " is not known here: --" + String.join(" N --", known) + " N");
            }
            options.given.put(name, equals < 0 ? arguments.get(++i) : argument.substring(equals + 1));
        }
        return options;
    }

    public int number(String name, int standard) {
        String text = given.get(name);
        return text == null ? standard : Integer.parseInt(text);
    }

    public String text(String name, String standard) {
        return given.getOrDefault(name, standard);
    }
}
