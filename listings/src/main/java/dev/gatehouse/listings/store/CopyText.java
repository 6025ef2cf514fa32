package dev.gatehouse.listings.store;

import dev.gatehouse.listings.load.Incoming;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the text format of COPY.
 *
 * @see <a href="https://www.postgresql.org/docs/18/sql-copy.html#SQL-COPY-FILE-FORMATS-TEXT-FORMAT">COPY, text format</a>
 */
final class CopyText {
    static final String COLUMNS = """
            row_number, listing_key, property_key, originating_system, status, property_type, property_sub_type,
            list_price, close_price, listing_contract_date, close_date, address, unit, city, postal_code, county, state,
            location, bedrooms, bathrooms_full, bathrooms_half, living_area, lot_size, year_built, stories,
            assessed_value, source_digest
            """;

    private CopyText() {}

    static byte[] of(List<Incoming> rows) {
        StringBuilder out = new StringBuilder(rows.size() * 256);
        for (Incoming row : rows) {
            var terms = row.terms();
            var place = row.place();
            var facts = row.facts();
            out.append(row.rowNumber());
            add(out, row.listingKey());
            add(out, row.propertyKey());
            add(out, row.originatingSystem());
            add(out, terms.status().text());
            add(out, facts.propertyType());
            add(out, facts.propertySubType());
            add(out, terms.listPrice());
            add(out, terms.closePrice());
            add(out, terms.contractDate());
            add(out, terms.closeDate());
            add(out, place.address());
            add(out, place.unit());
            add(out, place.city());
            add(out, place.postalCode());
            add(out, place.county());
            add(out, place.state());
            add(out, place.longitude() == null ? null : "(" + place.longitude() + "," + place.latitude() + ")");
            add(out, facts.bedrooms());
            add(out, facts.bathroomsFull());
            add(out, facts.bathroomsHalf());
            add(out, facts.livingArea());
            add(out, facts.lotSize());
            add(out, facts.yearBuilt());
            add(out, facts.stories());
            add(out, facts.assessedValue());
            add(out, row.digest());
            out.append('\n');
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void add(StringBuilder out, @Nullable Object value) {
        out.append('\t');
        if (value == null) {
            out.append("\\N");
            return;
        }
        String text = value.toString();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                default -> out.append(c);
            }
        }
    }
}
