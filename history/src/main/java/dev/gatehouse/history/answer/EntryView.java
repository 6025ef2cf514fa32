package dev.gatehouse.history.answer;

import dev.gatehouse.history.HistoryEntry;
import dev.gatehouse.history.Kind;
import dev.gatehouse.kernel.identity.CallerIdentity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of an entry one caller's plan includes: what a field said before belongs to the field group {@code history}, what a tax
 * authority assessed to {@code assessment}; everything else is in every plan.
 */
record EntryView(boolean showsPrevious, boolean showsAssessments) {

    static EntryView of(CallerIdentity caller) {
        return new EntryView(caller.hasField("history"), caller.hasField("assessment"));
    }

    Map<String, @Nullable Object> object(HistoryEntry entry) {
        boolean shown = entry.kind() != Kind.TAX || showsAssessments;
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("HistoryTransactionalKey", entry.key());
        object.put("ResourceName", "Property");
        object.put("ResourceRecordKey", entry.listingKey() == null ? entry.propertyKey() : entry.listingKey());
        object.put("PropertyKey", entry.propertyKey());
        object.put("ListingKey", entry.listingKey());
        object.put("OriginatingSystemName", entry.originatingSystem());
        object.put("ChangeType", entry.changeType());
        object.put("FieldName", entry.fieldName());
        if (shown && showsPrevious) {
            object.put("PreviousValue", entry.previousValue());
        }
        if (shown) {
            object.put("NewValue", entry.newValue());
        }
        object.put("ModificationTimestamp", entry.happenedAt());
        object.put("RecordedTimestamp", entry.recordedAt());
        return object;
    }

    Map<String, Object> meta() {
        List<String> absent = new ArrayList<>();
        if (!showsPrevious) {
            absent.add("PreviousValue");
        }
        if (!showsAssessments) {
            absent.add("TaxAssessedValue");
        }
        return absent.isEmpty() ? Map.of() : Map.of("absentFields", absent);
    }
}
