package dev.gatehouse.signals.answer;

import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.signals.Signal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The fields of a signal, in their order. */
enum SignalField {
    ID("SignalId", FieldGroup.BASIC, Signal::id),
    TYPE("SignalType", FieldGroup.BASIC, signal -> signal.type().text()),
    SEVERITY("Severity", FieldGroup.BASIC, signal -> signal.severity().text()),
    RAISED("RaisedAt", FieldGroup.BASIC, Signal::raisedAt),
    OCCURRED("OccurredAt", FieldGroup.BASIC, Signal::occurredAt),
    LISTING("ListingKey", FieldGroup.BASIC, Signal::listingKey),
    PROPERTY("PropertyKey", FieldGroup.BASIC, Signal::propertyKey),
    SOURCE("OriginatingSystemName", FieldGroup.BASIC, Signal::originatingSystem),
    ADDRESS("UnparsedAddress", FieldGroup.BASIC, Signal::address),
    CITY("City", FieldGroup.BASIC, Signal::city),
    POSTAL_CODE("PostalCode", FieldGroup.BASIC, Signal::postalCode),
    COUNTY("CountyOrParish", FieldGroup.BASIC, Signal::county),
    STATE("StateOrProvince", FieldGroup.BASIC, Signal::state),
    LATITUDE("Latitude", FieldGroup.LOCATION, Signal::latitude),
    LONGITUDE("Longitude", FieldGroup.LOCATION, Signal::longitude),
    PROPERTY_TYPE("PropertyType", FieldGroup.BASIC, Signal::propertyType),
    PRICE("Price", FieldGroup.BASIC, Signal::price),
    EVIDENCE("Evidence", FieldGroup.SIGNALS, Signal::evidence);

    private final String text;
    private final FieldGroup group;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Function<Signal, @Nullable Object> value;

    SignalField(String text, FieldGroup group, Function<Signal, @Nullable Object> value) {
        this.text = text;
        this.group = group;
        this.value = value;
    }

    static Map<String, @Nullable Object> object(Signal signal, CallerIdentity caller) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (SignalField field : values()) {
            if (field.group.isFor(caller)) {
                object.put(field.text, field.value.apply(signal));
            }
        }
        return object;
    }

    /** The names of fields that the caller's plan does not include. */
    static List<String> absent(CallerIdentity caller) {
        return Arrays.stream(values())
                .filter(field -> !field.group.isFor(caller))
                .map(field -> field.text)
                .toList();
    }
}
