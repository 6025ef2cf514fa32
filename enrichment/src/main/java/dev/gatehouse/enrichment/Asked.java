package dev.gatehouse.enrichment;

import dev.gatehouse.enrichment.address.Address;

/** What a home is asked for by. */
public sealed interface Asked {

    record ByKey(String propertyKey) implements Asked {}

    record ByAddress(Address address) implements Asked {}

    /** Degrees, WGS 84. */
    record ByPlace(double latitude, double longitude) implements Asked {}

    /** As answers name it. */
    default String text() {
        return switch (this) {
            case ByKey key -> "key";
            case ByAddress address -> "address";
            case ByPlace place -> "place";
        };
    }
}
