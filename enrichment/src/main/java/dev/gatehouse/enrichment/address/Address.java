package dev.gatehouse.enrichment.address;

import org.jspecify.annotations.Nullable;

/**
 * An address taken apart, in capital letters and the postal service's abbreviations.
 *
 * @param number of the house, with its letter or fraction, as in {@code 12B}
 * @param before the direction before the name, as in {@code N}
 * @param street the name alone, never empty
 * @param suffix as in {@code ST}
 * @param after the direction after the suffix
 * @param unit without its designator: APT 4, UNIT 4 and #4 are all {@code 4}
 * @param postalCode five digits
 */
public record Address(
        String number,
        @Nullable String before,
        String street,
        @Nullable String suffix,
        @Nullable String after,
        @Nullable String unit,
        @Nullable String city,
        @Nullable String state,
        @Nullable String postalCode) {

    /** With what a source says in fields of their own, where the text does not say it. */
    public Address completed(
            @Nullable String givenUnit,
            @Nullable String givenCity,
            @Nullable String givenState,
            @Nullable String givenPostalCode) {
        return new Address(
                number,
                before,
                street,
                suffix,
                after,
                unit != null ? unit : AddressReader.unit(givenUnit),
                givenCity != null ? AddressReader.plain(givenCity) : city,
                givenState != null ? AddressReader.plain(givenState) : state,
                givenPostalCode != null ? AddressReader.zip(givenPostalCode) : postalCode);
    }
}
