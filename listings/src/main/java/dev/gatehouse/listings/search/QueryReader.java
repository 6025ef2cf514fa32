package dev.gatehouse.listings.search;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.listings.StandardStatus;
import dev.gatehouse.listings.search.Condition.LonLat;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a query of parameters that keep to the description. What the description cannot say (a polygon that crosses
 * itself, a least above a greatest) is refused here, all faults at once.
 */
public final class QueryReader {
    private static final Map<String, TextField> TEXTS = Map.of(
            "city", TextField.CITY,
            "postalCode", TextField.POSTAL_CODE,
            "county", TextField.COUNTY,
            "state", TextField.STATE,
            "propertyType", TextField.PROPERTY_TYPE);
    private static final Map<String, NumberField> LEASTS = Map.of(
            "minPrice", NumberField.PRICE,
            "minBeds", NumberField.BEDROOMS,
            "minBaths", NumberField.BATHROOMS,
            "minArea", NumberField.LIVING_AREA,
            "minLot", NumberField.LOT_SIZE,
            "minYear", NumberField.YEAR_BUILT);
    private static final Map<String, NumberField> GREATESTS = Map.of(
            "maxPrice", NumberField.PRICE,
            "maxBeds", NumberField.BEDROOMS,
            "maxBaths", NumberField.BATHROOMS,
            "maxArea", NumberField.LIVING_AREA,
            "maxLot", NumberField.LOT_SIZE,
            "maxYear", NumberField.YEAR_BUILT);

    private final Function<String, @Nullable JsonNode> given;
    private final List<FieldError> faults = new ArrayList<>();
    private final List<Condition> conditions = new ArrayList<>();

    private QueryReader(Function<String, @Nullable JsonNode> given) {
        this.given = given;
    }

    /**
     * @param given a parameter's value by its name
     * @throws dev.gatehouse.kernel.problem.ProblemException 400 that names every fault
     */
    public static ListingQuery read(Function<String, @Nullable JsonNode> given) {
        QueryReader reader = new QueryReader(given);
        reader.readAll();
        SortOrder order = reader.order();
        if (!reader.faults.isEmpty()) {
            throw Problem.of(
                            ProblemCode.INVALID_PARAMETERS,
                            "Some parameters cannot be searched by. Nothing was searched. See errors for each.",
                            reader.faults)
                    .asException();
        }
        return new ListingQuery(reader.conditions, order);
    }

    private void readAll() {
        TEXTS.keySet().stream()
                .sorted()
                .forEach(name -> with(name, value -> new Condition.Is(text(name), value.asText())));
        LEASTS.keySet().stream()
                .sorted()
                .forEach(name -> with(name, value -> new Condition.AtLeast(least(name), value.decimalValue())));
        GREATESTS.keySet().stream()
                .sorted()
                .forEach(name -> with(name, value -> new Condition.AtMost(greatest(name), value.decimalValue())));
        LEASTS.keySet().forEach(this::inOrder);
        with("status", QueryReader::statuses);
        with(
                "modifiedSince",
                value -> new Condition.ModifiedSince(
                        OffsetDateTime.parse(value.asText()).toInstant().truncatedTo(ChronoUnit.MICROS)));
        with("daysOld", value -> new Condition.OnMarketWithin(value.asInt()));
        with("bbox", value -> Areas.box(value.asText()));
        with("near", value -> Areas.near(value.asText(), radius()));
        with("polygon", QueryReader::polygon);
        if (given.apply("radius") != null && given.apply("near") == null) {
            faults.add(new FieldError("radius", "needs near=lat,lon beside it"));
        }
    }

    private void with(String name, Function<JsonNode, Condition> condition) {
        JsonNode value = given.apply(name);
        if (value == null) {
            return;
        }
        take(name, () -> condition.apply(value));
    }

    private void take(String name, Supplier<Condition> condition) {
        try {
            conditions.add(condition.get());
        } catch (java.time.DateTimeException e) {
            faults.add(new FieldError(name, "must be an instant as RFC 3339 writes it, as in 2026-01-31T12:00:00Z"));
        } catch (IllegalArgumentException e) {
            faults.add(new FieldError(name, String.valueOf(e.getMessage())));
        }
    }

    private void inOrder(String least) {
        String greatest = "max" + least.substring(3);
        JsonNode low = given.apply(least);
        JsonNode high = given.apply(greatest);
        if (low != null && high != null && low.decimalValue().compareTo(high.decimalValue()) > 0) {
            faults.add(new FieldError(least, "must be at most " + greatest));
        }
    }

    private SortOrder order() {
        JsonNode text = given.apply("orderBy");
        return text == null
                ? usualOrder()
                : SortOrder.of(text.asText()).orElseGet(() -> {
                    faults.add(new FieldError("orderBy", "must be a field that can be ordered by"));
                    return SortOrder.BY_KEY;
                });
    }

    /** Who asks for changes reads them in their order: what changes meanwhile comes behind, and no page misses it. */
    private SortOrder usualOrder() {
        return given.apply("modifiedSince") == null ? SortOrder.BY_KEY : SortOrder.BY_MODIFICATION;
    }

    private double radius() {
        JsonNode radius = given.apply("radius");
        return radius == null ? 1_000 : radius.asDouble();
    }

    private static Condition statuses(JsonNode value) {
        List<StandardStatus> statuses = new ArrayList<>();
        value.forEach(item -> statuses.add(StandardStatus.of(item.asText())
                .orElseThrow(() -> new IllegalArgumentException("\"" + item.asText() + "\" is not a status"))));
        return new Condition.AnyStatus(statuses.stream().distinct().sorted().toList());
    }

    private static Condition polygon(JsonNode value) {
        if (value.isTextual()) {
            return Areas.polygon(value.asText());
        }
        List<LonLat> corners = new ArrayList<>();
        value.forEach(corner ->
                corners.add(new LonLat(corner.path(0).asDouble(), corner.path(1).asDouble())));
        return Areas.within(corners);
    }

    private static TextField text(String name) {
        return java.util.Objects.requireNonNull(TEXTS.get(name));
    }

    private static NumberField least(String name) {
        return java.util.Objects.requireNonNull(LEASTS.get(name));
    }

    private static NumberField greatest(String name) {
        return java.util.Objects.requireNonNull(GREATESTS.get(name));
    }
}
