package dev.gatehouse.enrichment.answer;

import dev.gatehouse.enrichment.Asked;
import dev.gatehouse.enrichment.address.AddressReader;
import dev.gatehouse.kernel.problem.FieldError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a home is asked for by: exactly one of an address, a place and a key. */
public final class AskedReader {

    /** What was read, or what is wrong. */
    public sealed interface Reading {
        record Read(Asked asked) implements Reading {}

        record Faulty(List<FieldError> faults) implements Reading {}
    }

    /** Names of the parameters, which v1 calls otherwise. */
    public record Names(String address, String latitude, String longitude, String key) {
        public static final Names V2 = new Names("address", "lat", "lon", "PropertyKey");
        public static final Names V1 = new Names("address", "lat", "lng", "id");
    }

    private AskedReader() {}

    public static Reading read(
            Names names,
            Optional<String> address,
            Optional<BigDecimal> latitude,
            Optional<BigDecimal> longitude,
            Optional<String> key) {
        List<FieldError> faults = new ArrayList<>();
        boolean place = latitude.isPresent() || longitude.isPresent();
        int given = (address.isPresent() ? 1 : 0) + (place ? 1 : 0) + (key.isPresent() ? 1 : 0);
        String choices =
                names.address() + ", or " + names.latitude() + " and " + names.longitude() + ", or " + names.key();
        if (given == 0) {
            faults.add(new FieldError(names.address(), "is missing: give " + choices));
        } else if (given > 1) {
            faults.add(new FieldError(names.address(), "is not the only one: give either " + choices));
        }
        degrees(names.latitude(), latitude, place, 90, faults);
        degrees(names.longitude(), longitude, place, 180, faults);
        Asked asked = null;
        if (faults.isEmpty()) {
            asked = asked(names, address, latitude, longitude, key, faults);
        }
        return asked == null ? new Reading.Faulty(faults) : new Reading.Read(asked);
    }

    private static void degrees(
            String name, Optional<BigDecimal> value, boolean needed, int most, List<FieldError> faults) {
        if (needed && value.isEmpty()) {
            faults.add(new FieldError(name, "is missing: a place needs both"));
        }
        value.filter(degrees -> degrees.abs().compareTo(BigDecimal.valueOf(most)) > 0)
                .ifPresent(degrees -> faults.add(
                        new FieldError(name, "is off the earth: must be degrees from -" + most + " to " + most)));
    }

    private static @Nullable Asked asked(
            Names names,
            Optional<String> address,
            Optional<BigDecimal> latitude,
            Optional<BigDecimal> longitude,
            Optional<String> key,
            List<FieldError> faults) {
        if (key.isPresent()) {
            return new Asked.ByKey(key.get());
        }
        if (address.isPresent()) {
            if (address.get().length() > AddressReader.LONGEST) {
                faults.add(new FieldError(names.address(), "is longer than " + AddressReader.LONGEST + " characters"));
                return null;
            }
            return AddressReader.read(address.get())
                    .<Asked>map(Asked.ByAddress::new)
                    .orElseGet(() -> {
                        faults.add(new FieldError(
                                names.address(),
                                "has no house number with a street behind it, as in 123 Main St, Toledo, OH 43604"));
                        return null;
                    });
        }
        return new Asked.ByPlace(
                latitude.orElseThrow().doubleValue(), longitude.orElseThrow().doubleValue());
    }
}
