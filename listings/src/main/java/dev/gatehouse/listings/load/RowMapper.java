package dev.gatehouse.listings.load;

import dev.gatehouse.listings.Facts;
import dev.gatehouse.listings.Place;
import dev.gatehouse.listings.StandardStatus;
import dev.gatehouse.listings.Terms;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** Makes a listing of a row, or says why not. */
final class RowMapper {
    private static final int LONGEST_TEXT = 200;
    private static final BigDecimal GREATEST = new BigDecimal("999999999999");

    sealed interface Outcome {
        record Mapped(Incoming incoming, Map<Target, String> values) implements Outcome {}

        record Rejected(String reason, String detail) implements Outcome {}
    }

    private static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;
        private final String reason;

        Unfit(String reason, String detail) {
            super(detail, null, false, false);
            this.reason = reason;
        }
    }

    private final Mapping mapping;

    RowMapper(Mapping mapping) {
        this.mapping = mapping;
    }

    /** @param row a column's text by its name */
    Outcome map(long number, Function<String, String> row) {
        try {
            Map<Target, String> values = new EnumMap<>(Target.class);
            // keys may be made of mapped fields, so they come last, the property's before the listing's
            for (Target target : Target.values()) {
                if (!(mapping.fields().get(target) instanceof Rule.Key)) {
                    fill(target, row, values);
                }
            }
            fill(Target.PROPERTY_KEY, row, values);
            for (Target target : Target.values()) {
                if (target != Target.PROPERTY_KEY && mapping.fields().get(target) instanceof Rule.Key) {
                    fill(target, row, values);
                }
            }
            for (Rejection rejection : mapping.rejections()) {
                check(rejection, values.get(rejection.field()));
            }
            return new Outcome.Mapped(incoming(number, values), values);
        } catch (Unfit unfit) {
            return new Outcome.Rejected(unfit.reason, String.valueOf(unfit.getMessage()));
        }
    }

    private void fill(Target target, Function<String, String> row, Map<Target, String> values) throws Unfit {
        Rule rule = mapping.fields().get(target);
        if (rule == null) {
            return;
        }
        String value = value(target, rule, row, values);
        if (value != null) {
            values.put(target, value);
        }
    }

    private @Nullable String value(Target target, Rule rule, Function<String, String> row, Map<Target, String> values)
            throws Unfit {
        return switch (rule) {
            case Rule.Constant(String constant) -> constant;
            case Rule.Key key -> key(key, row, values);
            case Rule.FromColumn column -> {
                String text = fromColumn(target, column, row);
                yield text == null && column.otherwise() != null
                        ? value(target, column.otherwise(), row, values)
                        : text;
            }
        };
    }

    private static String key(Rule.Key key, Function<String, String> row, Map<Target, String> values) {
        StringJoiner parts = new StringJoiner("\u001f");
        for (String part : key.parts()) {
            parts.add(
                    part.startsWith("=")
                            ? values.getOrDefault(Target.of(part.substring(1)).orElseThrow(), "")
                            : row.apply(part));
        }
        String hash = HexFormat.of().formatHex(sha256(parts.toString()), 0, 10);
        return key.prefix().isEmpty() ? hash : key.prefix() + "-" + hash;
    }

    private static @Nullable String fromColumn(Target target, Rule.FromColumn rule, Function<String, String> row)
            throws Unfit {
        StringJoiner joined = new StringJoiner(" ");
        for (String column : rule.columns()) {
            String part = row.apply(column);
            if (!part.isEmpty()) {
                joined.add(part);
            }
        }
        String text = joined.toString();
        if (rule.find() != null) {
            Matcher matcher = rule.find().matcher(text);
            String found = matcher.find() ? matcher.group(Math.min(1, matcher.groupCount())) : null;
            text = found == null ? "" : found.strip();
        }
        if (rule.remove() != null) {
            text = rule.remove().matcher(text).replaceAll("").strip();
        }
        if (text.isEmpty() || rule.blank().contains(text)) {
            return null;
        }
        if (rule.values() != null) {
            String meant = rule.values().get(text);
            if (meant == null) {
                throw new Unfit("unknown_value", target.text() + ": \"" + shortened(text) + "\" is not in its table");
            }
            if (meant.isEmpty()) {
                return null;
            }
            text = meant;
        }
        if (rule.pad() > text.length()) {
            text = "0".repeat(rule.pad() - text.length()) + text;
        }
        return switch (target.kind()) {
            case TEXT -> text(target, text);
            case DATE -> date(target, text, rule.formats()).toString();
            case WHOLE -> whole(target, text, rule.factor());
            case NUMBER -> number(target, text, rule.factor()).toPlainString();
            case MONEY ->
                number(target, text, rule.factor())
                        .setScale(2, RoundingMode.HALF_EVEN)
                        .stripTrailingZeros()
                        .toPlainString();
        };
    }

    private static String text(Target target, String text) throws Unfit {
        if (text.length() > LONGEST_TEXT) {
            throw new Unfit(
                    "too_long", target.text() + " has " + text.length() + " characters, more than " + LONGEST_TEXT);
        }
        if (text.indexOf('\0') >= 0) {
            throw new Unfit("nul_character", target.text() + " holds a NUL character");
        }
        return text.replaceAll("\\s+", " ");
    }

    private static LocalDate date(Target target, String text, List<DateTimeFormatter> formats) throws Unfit {
        for (DateTimeFormatter format : formats.isEmpty() ? List.of(DateTimeFormatter.ISO_LOCAL_DATE) : formats) {
            try {
                return LocalDate.parse(text, format);
            } catch (DateTimeException e) {
                // the next format may fit
            }
        }
        throw new Unfit("not_a_date", target.text() + ": \"" + shortened(text) + "\" is not a date in its format");
    }

    private static String whole(Target target, String text, BigDecimal factor) throws Unfit {
        BigDecimal number = number(target, text, factor).stripTrailingZeros();
        if (number.scale() > 0) {
            throw new Unfit("not_whole", target.text() + ": " + shortened(text) + " is not a whole number");
        }
        BigDecimal greatest = BigDecimal.valueOf(target == Target.YEAR_BUILT ? 2_100 : 100_000);
        if (number.signum() < 0 || number.compareTo(greatest) > 0) {
            throw new Unfit("out_of_range", target.text() + ": " + shortened(text) + " is not possible");
        }
        return number.toPlainString();
    }

    private static BigDecimal number(Target target, String text, BigDecimal factor) throws Unfit {
        BigDecimal number;
        try {
            String plain = text.replace(",", "").replace("$", "").strip();
            if (plain.length() > 40) {
                throw new NumberFormatException("too long");
            }
            number = new BigDecimal(plain);
        } catch (NumberFormatException e) {
            throw new Unfit("not_a_number", target.text() + ": \"" + shortened(text) + "\" is not a number");
        }
        boolean coordinate = target == Target.LATITUDE || target == Target.LONGITUDE;
        BigDecimal greatest = switch (target) {
            case LATITUDE -> BigDecimal.valueOf(90);
            case LONGITUDE -> BigDecimal.valueOf(180);
            case STORIES_TOTAL -> BigDecimal.valueOf(200);
            case LIVING_AREA -> BigDecimal.valueOf(999_999_999);
            default -> GREATEST;
        };
        // compared before it is written out: 1E+999999999 would fill the memory
        if (number.abs().compareTo(greatest) > 0 || (!coordinate && number.signum() < 0)) {
            throw new Unfit("out_of_range", target.text() + ": " + shortened(text) + " is not possible");
        }
        if (coordinate || number.signum() == 0) {
            return number;
        }
        BigDecimal scaled = number.multiply(factor);
        return scaled.scale() > 2 ? scaled.setScale(2, RoundingMode.HALF_EVEN) : scaled;
    }

    private static void check(Rejection rejection, @Nullable String value) throws Unfit {
        String field = rejection.field().text();
        if (value == null) {
            if (rejection.missing() == Rejection.Presence.REQUIRED) {
                throw new Unfit(rejection.reason(), field + " is missing");
            }
            return;
        }
        boolean isOne = rejection.anyOf().contains(value);
        boolean low = rejection.below() != null && compare(field, value, rejection.below()) < 0;
        boolean high = rejection.above() != null && compare(field, value, rejection.above()) > 0;
        if (isOne || low || high) {
            throw new Unfit(rejection.reason(), field + " is " + shortened(value));
        }
    }

    private static int compare(String field, String value, BigDecimal bound) throws Unfit {
        try {
            return new BigDecimal(value).compareTo(bound);
        } catch (NumberFormatException e) {
            throw new Unfit("not_a_number", field + ": \"" + shortened(value) + "\" is not a number");
        }
    }

    private Incoming incoming(long number, Map<Target, String> values) throws Unfit {
        String status = required(values, Target.STANDARD_STATUS);
        StandardStatus standard = StandardStatus.of(status)
                .orElseThrow(
                        () -> new Unfit("unknown_status", "\"" + shortened(status) + "\" is not a StandardStatus"));
        Double latitude = real(values.get(Target.LATITUDE));
        Double longitude = real(values.get(Target.LONGITUDE));
        boolean placed = latitude != null && longitude != null;
        return new Incoming(
                number,
                required(values, Target.LISTING_KEY),
                required(values, Target.PROPERTY_KEY),
                mapping.originatingSystem(),
                new Terms(
                        standard,
                        decimal(values.get(Target.LIST_PRICE)),
                        decimal(values.get(Target.CLOSE_PRICE)),
                        day(values.get(Target.LISTING_CONTRACT_DATE)),
                        day(values.get(Target.CLOSE_DATE))),
                new Place(
                        values.get(Target.UNPARSED_ADDRESS),
                        values.get(Target.UNIT_NUMBER),
                        values.get(Target.CITY),
                        values.get(Target.POSTAL_CODE),
                        values.get(Target.COUNTY_OR_PARISH),
                        values.get(Target.STATE_OR_PROVINCE),
                        placed ? latitude : null,
                        placed ? longitude : null),
                new Facts(
                        required(values, Target.PROPERTY_TYPE),
                        values.get(Target.PROPERTY_SUB_TYPE),
                        integer(values.get(Target.BEDROOMS_TOTAL)),
                        integer(values.get(Target.BATHROOMS_FULL)),
                        integer(values.get(Target.BATHROOMS_HALF)),
                        decimal(values.get(Target.LIVING_AREA)),
                        decimal(values.get(Target.LOT_SIZE)),
                        integer(values.get(Target.YEAR_BUILT)),
                        decimal(values.get(Target.STORIES_TOTAL)),
                        decimal(values.get(Target.TAX_ASSESSED_VALUE))),
                digest(values));
    }

    private static String required(Map<Target, String> values, Target target) throws Unfit {
        String value = values.get(target);
        if (value == null) {
            throw new Unfit("missing_value", target.text() + " is missing");
        }
        return value;
    }

    private static UUID digest(Map<Target, String> values) {
        ByteBuffer bytes = ByteBuffer.wrap(sha256(values.toString()));
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static @Nullable BigDecimal decimal(@Nullable String text) {
        return text == null ? null : new BigDecimal(text);
    }

    private static @Nullable Integer integer(@Nullable String text) {
        return text == null ? null : Integer.valueOf(text);
    }

    private static @Nullable Double real(@Nullable String text) {
        return text == null ? null : Double.valueOf(text);
    }

    private static @Nullable LocalDate day(@Nullable String text) {
        return text == null ? null : LocalDate.parse(text);
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
