package dev.gatehouse.listings;

import java.util.Arrays;
import java.util.Optional;

/**
 * Where a listing stands.
 *
 * @see <a href="https://ddwiki.reso.org/display/DDW17/StandardStatus+Field">RESO Data Dictionary, StandardStatus</a>
 */
public enum StandardStatus {
    ACTIVE("Active"),
    ACTIVE_UNDER_CONTRACT("ActiveUnderContract"),
    CANCELED("Canceled"),
    CLOSED("Closed"),
    COMING_SOON("ComingSoon"),
    DELETE("Delete"),
    EXPIRED("Expired"),
    HOLD("Hold"),
    INCOMPLETE("Incomplete"),
    PENDING("Pending"),
    WITHDRAWN("Withdrawn");

    private final String text;

    StandardStatus(String text) {
        this.text = text;
    }

    /** As it stands in answers, parameters and mappings. */
    public String text() {
        return text;
    }

    public static Optional<StandardStatus> of(String text) {
        return Arrays.stream(values())
                .filter(status -> status.text.equals(text))
                .findFirst();
    }
}
