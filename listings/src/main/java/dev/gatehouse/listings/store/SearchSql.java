package dev.gatehouse.listings.store;

import dev.gatehouse.listings.search.Condition;
import dev.gatehouse.listings.search.ListingQuery;
import dev.gatehouse.listings.search.NumberField;
import dev.gatehouse.listings.search.Position;
import dev.gatehouse.listings.search.SortField;
import dev.gatehouse.listings.search.SortOrder;
import dev.gatehouse.listings.search.TextField;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A query as SQL: only the words below and named parameters, never a caller's text. */
final class SearchSql {
    private static final BigDecimal MOST = BigDecimal.valueOf(Integer.MAX_VALUE);

    private final List<String> clauses = new ArrayList<>();
    private final Map<String, Object> bindings = new LinkedHashMap<>();
    private final ListingQuery query;
    private final SortOrder order;
    private final Way way;

    /** How the listings of an area are found. */
    enum Way {
        /** Fetches those of the area by the index on places, then orders them. */
        BY_PLACE,
        /** Goes along the order and keeps those of the area: sooner for a page of an area that holds many. */
        BY_ORDER
    }

    /** @param way counts only when the query names an area */
    SearchSql(ListingQuery query, LocalDate today, Way way) {
        this.query = query;
        this.order = query.order();
        this.way = way;
        for (Condition condition : query.conditions()) {
            add(condition, today);
        }
    }

    private Set<String> ranges() {
        return query.conditions().stream()
                .flatMap(condition -> range(condition).stream())
                .collect(Collectors.toSet());
    }

    /** The column of which a condition is a range, if an index on it leaves few; most have three bedrooms. */
    private static Optional<String> range(Condition condition) {
        return switch (condition) {
            case Condition.AtLeast(NumberField field, var value) -> range(field);
            case Condition.AtMost(NumberField field, var value) -> range(field);
            case Condition.ModifiedSince since -> Optional.of("modified_at");
            case Condition.OnMarketWithin days -> Optional.of("market_date");
            default -> Optional.empty();
        };
    }

    private static Optional<String> range(NumberField field) {
        return field == NumberField.BEDROOMS || field == NumberField.BATHROOMS
                ? Optional.empty()
                : Optional.of(number(field));
    }

    /** A whole number for what is one, so that its index serves. */
    private static Object bound(NumberField field, BigDecimal value, RoundingMode mode) {
        return switch (field) {
            case BEDROOMS, BATHROOMS, YEAR_BUILT ->
                value.setScale(0, mode).min(MOST).max(MOST.negate()).intValueExact();
            case PRICE, LIVING_AREA, LOT_SIZE -> value;
        };
    }

    Map<String, Object> bindings() {
        return bindings;
    }

    void after(Position position) {
        String comparison = order.direction() == SortOrder.Direction.ASCENDING ? ">" : "<";
        if (order.field() == SortField.LISTING_KEY) {
            clauses.add("listing_key " + comparison + " :afterKey");
        } else {
            clauses.add("(" + sortedBy(order.field()) + ", listing_key) " + comparison + " (CAST(:afterValue AS "
                    + type(order.field()) + "), :afterKey)");
            bindings.put("afterValue", position.sortValue());
        }
        bindings.put("afterKey", position.listingKey());
    }

    /**
     * Whether the page is ordered by key, and a range of some column is asked for and no area, or nothing but an area whose
     * listings are fetched: see {@link #keysFirst}.
     */
    boolean mayTakeKeysFirst() {
        return order.field() == SortField.LISTING_KEY
                && (isOfArea()
                        ? way == Way.BY_PLACE
                        : !ranges().isEmpty() && SearchArea.of(query).isEmpty());
    }

    /** Whether areas are all that is asked. */
    boolean isOfArea() {
        return !query.conditions().isEmpty() && query.conditions().stream().allMatch(SearchArea::isArea);
    }

    /** Whether all that is asked is an area or a range of one column, of which an index holds all that is needed for finding keys. */
    boolean isCovered() {
        return isOfArea()
                || ranges().size() == 1
                        && query.conditions().stream()
                                .allMatch(condition -> range(condition).isPresent());
    }

    /**
     * Where and order of a page whose keys are all found before the first of them are taken. Without the OFFSET the planner
     * goes along the keys and keeps those in the range, for what it takes to be a cheap walk: its rows lie all over the
     * table, and it counts them as if they lay together.
     */
    String keysFirst(String table) {
        return " WHERE listing_key IN (SELECT listing_key FROM (SELECT listing_key FROM " + table + where()
                + " OFFSET 0) AS held" + orderBy() + " LIMIT :limit)" + orderBy();
    }

    String where() {
        return clauses.isEmpty() ? "" : " WHERE " + String.join(" AND ", clauses);
    }

    String orderBy() {
        String direction = order.direction() == SortOrder.Direction.ASCENDING ? "" : " DESC";
        return order.field() == SortField.LISTING_KEY
                ? " ORDER BY listing_key" + direction
                : " ORDER BY " + sortedBy(order.field()) + direction + ", listing_key" + direction;
    }

    String sortValue() {
        return "CAST(" + sortedBy(order.field()) + " AS text) AS sort_value";
    }

    private String bind(Object value) {
        String name = "p" + bindings.size();
        bindings.put(name, value);
        return ":" + name;
    }

    private void add(Condition condition, LocalDate today) {
        clauses.add(
                switch (condition) {
                    case Condition.Is(TextField field, String value) ->
                        switch (field) {
                            case CITY -> "lower(city) = " + bind(value.toLowerCase(Locale.ROOT));
                            case COUNTY -> "lower(county) = " + bind(value.toLowerCase(Locale.ROOT));
                            case POSTAL_CODE -> "postal_code = " + bind(value);
                            case STATE -> "state = " + bind(value.toUpperCase(Locale.ROOT));
                            case PROPERTY_TYPE -> "property_type = " + bind(value);
                        };
                    case Condition.AtLeast(NumberField field, var value) ->
                        number(field) + " >= " + bind(bound(field, value, RoundingMode.CEILING));
                    case Condition.AtMost(NumberField field, var value) -> {
                        String column = number(field);
                        yield column + " <= " + bind(bound(field, value, RoundingMode.FLOOR))
                                + (field == NumberField.BATHROOMS ? "" : " AND " + column + " >= 0");
                    }
                    case Condition.AnyStatus(var statuses) ->
                        "status IN ("
                                + statuses.stream()
                                        .map(status -> bind(status.text()))
                                        .collect(Collectors.joining(", ")) + ")";
                    case Condition.ModifiedSince(var instant) ->
                        "modified_at >= " + bind(OffsetDateTime.ofInstant(instant, ZoneOffset.UTC));
                    case Condition.OnMarketWithin(int days) ->
                        "coalesce(market_date, DATE '0001-01-01') >= " + bind(today.minusDays(days));
                    case Condition.InBox box -> inBounds(box);
                    case Condition.Near near -> near(near);
                    case Condition.Within within -> within(within);
                });
    }

    private String within(Condition.Within within) {
        String inside = "location <@ CAST("
                + bind(within.ring().stream()
                        .map(corner -> "(" + corner.longitude() + "," + corner.latitude() + ")")
                        .collect(Collectors.joining(",", "(", ")")))
                + " AS polygon)";
        return switch (way) {
            case BY_PLACE -> inside;
            // hidden from the planner, which would take the index for it
            case BY_ORDER ->
                inBounds(SearchArea.bounds(within)) + " AND CASE WHEN " + inside + " THEN true ELSE false END";
        };
    }

    private String inBounds(Condition.InBox box) {
        return switch (way) {
            case BY_PLACE ->
                "location <@ CAST("
                        + bind("((" + box.west() + "," + box.south() + "),(" + box.east() + "," + box.north() + "))")
                        + " AS box)";
            // of the coordinates the planner has statistics, of the operator above it has none
            case BY_ORDER ->
                "location[0] BETWEEN " + bind(box.west()) + " AND " + bind(box.east()) + " AND location[1] BETWEEN "
                        + bind(box.south()) + " AND " + bind(box.north());
        };
    }

    /** The box finds, the great circle decides: by its haversine, which spares an arcsine and a root for each listing. */
    private String near(Condition.Near near) {
        String latitude = bind(near.latitude());
        String longitude = bind(near.longitude());
        double farthest = Math.sin(Math.min(Math.PI / 2, near.radius() / (2 * SearchArea.EARTH_RADIUS)));
        return inBounds(SearchArea.bounds(near))
                + " AND power(sin(radians(location[1] - " + latitude + ") / 2), 2) + cos(radians(" + latitude
                + ")) * cos(radians(location[1])) * power(sin(radians(location[0] - "
                + longitude + ") / 2), 2) <= " + bind(farthest * farthest);
    }

    private static String number(NumberField field) {
        return switch (field) {
            case PRICE -> "coalesce(price, -1)";
            case BEDROOMS -> "coalesce(bedrooms, -1)";
            case BATHROOMS -> "bathrooms";
            case LIVING_AREA -> "coalesce(living_area, -1)";
            case LOT_SIZE -> "coalesce(lot_size, -1)";
            case YEAR_BUILT -> "coalesce(year_built, -1)";
        };
    }

    /** Worded as the indexes are, so that they serve. */
    private static String sortedBy(SortField field) {
        return switch (field) {
            case LISTING_KEY -> "listing_key";
            case LIST_PRICE -> "coalesce(list_price, -1)";
            case CLOSE_PRICE -> "coalesce(close_price, -1)";
            case CLOSE_DATE -> "coalesce(close_date, DATE '0001-01-01')";
            case LIVING_AREA -> "coalesce(living_area, -1)";
            case LOT_SIZE -> "coalesce(lot_size, -1)";
            case YEAR_BUILT -> "coalesce(year_built, -1)";
            case BEDROOMS -> "coalesce(bedrooms, -1)";
            case MODIFICATION -> "modified_at";
        };
    }

    private static String type(SortField field) {
        return switch (field) {
            case LISTING_KEY -> "text";
            case LIST_PRICE, CLOSE_PRICE, LIVING_AREA, LOT_SIZE -> "numeric";
            case CLOSE_DATE -> "date";
            case YEAR_BUILT, BEDROOMS -> "integer";
            case MODIFICATION -> "timestamptz";
        };
    }
}
