package dev.gatehouse.enrichment.address;

import org.jspecify.annotations.Nullable;

/**
 * How surely an address that was asked for is one that is known: 1 when all that was said agrees, less for each part that
 * was left out, misspelt or contradicts, and 0 for another house.
 */
public final class Likeness {
    private static final double MISSPELT = 0.10;
    private static final double UNSAID = 0.03;
    private static final double OTHER_SUFFIX = 0.20;
    private static final double OTHER_DIRECTION = 0.25;
    private static final double OTHER_CITY = 0.20;
    private static final double OTHER_POSTAL_CODE = 0.25;
    private static final double OTHER_STATE = 0.50;
    private static final double NO_SUCH_UNIT = 0.30;
    private static final double UNIT_UNSAID = 0.05;

    private Likeness() {}

    /** 0 to 1. */
    public static double of(Address asked, Address known) {
        if (!asked.number().equals(known.number())) {
            return 0;
        }
        int misspelt = Spelling.distance(asked.street(), known.street());
        if (misspelt > 1) {
            return 0;
        }
        if (asked.unit() != null && known.unit() != null && !asked.unit().equals(known.unit())) {
            return 0;
        }
        double off = misspelt * MISSPELT;
        off += part(asked.suffix(), known.suffix(), OTHER_SUFFIX);
        off += part(asked.before(), known.before(), OTHER_DIRECTION);
        off += part(asked.after(), known.after(), OTHER_DIRECTION);
        off += part(asked.state(), known.state(), OTHER_STATE);
        off += place(asked, known);
        if (asked.unit() != null && known.unit() == null) {
            off += NO_SUCH_UNIT;
        } else if (asked.unit() == null && known.unit() != null) {
            off += UNIT_UNSAID;
        }
        return Math.max(0, 1 - off);
    }

    private static double part(@Nullable String asked, @Nullable String known, double other) {
        if (asked == null || known == null) {
            return asked == null && known == null ? 0 : UNSAID;
        }
        return asked.equals(known) ? 0 : other;
    }

    /** Postal code and city, of which one that agrees forgives much of the other. */
    private static double place(Address asked, Address known) {
        @Nullable Boolean samePostalCode = same(asked.postalCode(), known.postalCode());
        double off = 0;
        if (samePostalCode != null && !samePostalCode) {
            off += OTHER_POSTAL_CODE;
        }
        if (asked.city() != null && known.city() != null) {
            int city = Spelling.distance(asked.city(), known.city());
            if (city == 1) {
                off += UNSAID;
            } else if (city > 1) {
                off += samePostalCode != null && samePostalCode ? UNSAID : OTHER_CITY;
            }
        }
        return off;
    }

    private static @Nullable Boolean same(@Nullable String asked, @Nullable String known) {
        return asked == null || known == null ? null : asked.equals(known);
    }
}
