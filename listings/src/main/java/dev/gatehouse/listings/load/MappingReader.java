package dev.gatehouse.listings.load;

import dev.gatehouse.kernel.text.Nearest;
import dev.gatehouse.listings.ImportRefused;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads mapping files; each complaint names the line and, for a mistyped name, the nearest known one. */
public final class MappingReader {
    /** The mappings that come with the service. */
    public static final List<String> BUNDLED = List.of("lucas-county", "nyc-rolling-sales");

    private static final BigDecimal SQUARE_FEET_PER_ACRE = new BigDecimal("43560");
    private static final BigDecimal SQUARE_FEET_PER_SQUARE_METRE = new BigDecimal("10.7639104");
    private static final Set<Target> REQUIRED =
            Set.of(Target.LISTING_KEY, Target.PROPERTY_KEY, Target.STANDARD_STATUS, Target.PROPERTY_TYPE);

    private final Map<String, Map<String, String>> tables = new HashMap<>();

    private MappingReader() {}

    /**
     * @param name of a bundled mapping, or the path of a file
     * @throws ImportRefused when there is none, or it cannot be used
     */
    public static Mapping find(String name) {
        try {
            if (BUNDLED.contains(name)) {
                return bundled(name);
            }
            Path file = Path.of(name);
            if (!Files.isRegularFile(file)) {
                throw new ImportRefused("There is no mapping " + name + ". Give the path of a mapping file, or one of "
                        + String.join(", ", BUNDLED) + ".");
            }
            return read(name, Files.readString(file));
        } catch (IOException e) {
            throw new ImportRefused("The mapping " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Mapping bundled(String name) throws IOException {
        try (InputStream in = MappingReader.class.getResourceAsStream("mapping/" + name + ".yaml")) {
            if (in == null) {
                throw new UncheckedIOException(new IOException("no resource for the mapping " + name));
            }
            return read(name + ".yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** @param file named in complaints */
    static Mapping read(String file, String text) {
        return new MappingReader().mapping(YamlPart.parse(file, text));
    }

    private Mapping mapping(YamlPart root) {
        Map<String, YamlPart> parts = root.parts(List.of("source", "tables", "fields", "reject"));
        YamlPart.in(parts, "tables")
                .ifPresent(part -> part.entries().forEach((name, table) -> tables.put(name, table(table))));
        YamlPart sourcePart = required(root, parts, "source");
        Map<String, YamlPart> source =
                sourcePart.parts(List.of("originatingSystem", "encoding", "separator", "columns"));
        YamlPart fieldsPart = required(root, parts, "fields");
        Map<Target, Rule> fields = fields(fieldsPart);
        List<Rejection> rejections = new ArrayList<>();
        YamlPart.in(parts, "reject").ifPresent(part -> part.list().forEach(item -> rejections.add(rejection(item))));
        return new Mapping(
                required(sourcePart, source, "originatingSystem").text(),
                YamlPart.in(source, "encoding").map(MappingReader::charset).orElse(StandardCharsets.UTF_8),
                YamlPart.in(source, "separator").map(MappingReader::separator).orElse(','),
                YamlPart.in(source, "columns").map(YamlPart::texts).orElse(null),
                fields,
                List.copyOf(rejections));
    }

    private Map<Target, Rule> fields(YamlPart part) {
        List<String> known = Arrays.stream(Target.values()).map(Target::text).toList();
        Map<Target, Rule> fields = new EnumMap<>(Target.class);
        part.parts(known).forEach((name, rule) -> fields.put(Target.of(name).orElseThrow(), rule(rule)));
        REQUIRED.stream()
                .sorted()
                .filter(target -> !fields.containsKey(target))
                .findFirst()
                .ifPresent(target -> {
                    throw part.refuse(target.text() + " is missing. Every listing needs it.");
                });
        return fields;
    }

    private Rule rule(YamlPart part) {
        if (part.isText()) {
            return column(List.of(part.text()), Map.of());
        }
        Map<String, YamlPart> parts = part.parts(List.of(
                "constant",
                "key",
                "prefix",
                "column",
                "find",
                "remove",
                "blank",
                "table",
                "pad",
                "unit",
                "format",
                "firstYear",
                "otherwise"));
        YamlPart constant = parts.get("constant");
        if (constant != null) {
            return new Rule.Constant(constant.text());
        }
        YamlPart key = parts.get("key");
        if (key != null) {
            key.list().forEach(MappingReader::checkReference);
            return new Rule.Key(YamlPart.in(parts, "prefix").map(YamlPart::text).orElse(""), key.texts());
        }
        return column(required(part, parts, "column").texts(), parts);
    }

    private static void checkReference(YamlPart part) {
        String text = part.text();
        if (text.startsWith("=") && Target.of(text.substring(1)).isEmpty()) {
            throw part.refuse(text + " names no field");
        }
    }

    private Rule column(List<String> columns, Map<String, YamlPart> parts) {
        YamlPart table = parts.get("table");
        YamlPart otherwise = parts.get("otherwise");
        int firstYear = YamlPart.in(parts, "firstYear")
                .map(part -> whole(part, 1, 9_900))
                .orElse(1950);
        List<DateTimeFormatter> formats = new ArrayList<>();
        YamlPart.in(parts, "format")
                .ifPresent(part -> part.list().forEach(format -> {
                    try {
                        formats.add(DateFormats.of(format.text(), firstYear));
                    } catch (IllegalArgumentException e) {
                        throw format.refuse("\"" + format.text() + "\" is not a date format: " + e.getMessage());
                    }
                }));
        return new Rule.FromColumn(
                columns,
                pattern(parts.get("find")),
                pattern(parts.get("remove")),
                YamlPart.in(parts, "blank")
                        .map(part -> Set.copyOf(part.texts()))
                        .orElse(Set.of()),
                table == null ? null : named(table),
                YamlPart.in(parts, "pad").map(part -> whole(part, 1, 40)).orElse(0),
                YamlPart.in(parts, "unit").map(MappingReader::unit).orElse(BigDecimal.ONE),
                formats,
                otherwise == null ? null : rule(otherwise));
    }

    private Map<String, String> named(YamlPart part) {
        if (!part.isText()) {
            return table(part);
        }
        Map<String, String> table = tables.get(part.text());
        if (table == null) {
            throw part.refuse("there is no table " + part.text()
                    + Nearest.to(part.text(), tables.keySet())
                            .map(near -> ": did you mean " + near + "?")
                            .orElse("."));
        }
        return table;
    }

    private static Map<String, String> table(YamlPart part) {
        Map<String, String> table = new HashMap<>();
        part.entries().forEach((from, to) -> table.put(from, to.text()));
        return table;
    }

    private static Rejection rejection(YamlPart part) {
        Map<String, YamlPart> parts = part.parts(List.of("field", "reason", "missing", "below", "above", "is"));
        YamlPart field = required(part, parts, "field");
        List<String> known = Arrays.stream(Target.values()).map(Target::text).toList();
        Target target = Target.of(field.text())
                .orElseThrow(() -> field.refuse("\"" + field.text() + "\" is no field"
                        + Nearest.to(field.text(), known)
                                .map(near -> ": did you mean " + near + "?")
                                .orElse(".")));
        YamlPart below = parts.get("below");
        YamlPart above = parts.get("above");
        if (parts.keySet().stream()
                        .filter(List.of("missing", "below", "above", "is")::contains)
                        .count()
                != 1) {
            throw part.refuse("needs exactly one of missing: true, below, above, is");
        }
        return new Rejection(
                target,
                required(part, parts, "reason").text(),
                parts.containsKey("missing") ? Rejection.Presence.REQUIRED : Rejection.Presence.OPTIONAL,
                below == null ? null : number(below),
                above == null ? null : number(above),
                YamlPart.in(parts, "is").map(value -> Set.copyOf(value.texts())).orElse(Set.of()));
    }

    private static YamlPart required(YamlPart owner, Map<String, YamlPart> parts, String name) {
        return YamlPart.in(parts, name).orElseThrow(() -> owner.refuse(name + " is missing"));
    }

    private static @Nullable Pattern pattern(@Nullable YamlPart part) {
        try {
            return part == null ? null : Pattern.compile(part.text());
        } catch (PatternSyntaxException e) {
            throw part.refuse("\"" + part.text() + "\" is not a regular expression: " + e.getDescription());
        }
    }

    private static Charset charset(YamlPart part) {
        try {
            return Charset.forName(part.text());
        } catch (IllegalArgumentException e) {
            throw part.refuse("\"" + part.text() + "\" is not an encoding, as UTF-8 or ISO-8859-1 are");
        }
    }

    private static char separator(YamlPart part) {
        String text = part.text().equals("tab") ? "\t" : part.text();
        if (text.length() != 1) {
            throw part.refuse("separator must be one character, or tab");
        }
        return text.charAt(0);
    }

    private static BigDecimal unit(YamlPart part) {
        return switch (part.text().toLowerCase(Locale.ROOT)) {
            case "squarefeet" -> BigDecimal.ONE;
            case "squaremetres" -> SQUARE_FEET_PER_SQUARE_METRE;
            case "acres" -> SQUARE_FEET_PER_ACRE;
            case "thousands" -> new BigDecimal("1000");
            default -> throw part.refuse("unit must be squareFeet, squareMetres, acres or thousands");
        };
    }

    private static int whole(YamlPart part, int least, int greatest) {
        BigDecimal number = number(part);
        if (number.stripTrailingZeros().scale() > 0
                || number.compareTo(BigDecimal.valueOf(least)) < 0
                || number.compareTo(BigDecimal.valueOf(greatest)) > 0) {
            throw part.refuse("must be a whole number from " + least + " to " + greatest);
        }
        return number.intValue();
    }

    private static BigDecimal number(YamlPart part) {
        try {
            return new BigDecimal(part.text());
        } catch (NumberFormatException e) {
            throw part.refuse("\"" + part.text() + "\" is not a number");
        }
    }
}
