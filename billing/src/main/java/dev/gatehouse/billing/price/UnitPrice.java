package dev.gatehouse.billing.price;

import java.math.BigDecimal;
import java.util.List;

/** What the units past the included ones cost. */
public sealed interface UnitPrice {

    /** Every unit costs the same. */
    record Flat(BigDecimal per1000) implements UnitPrice {
        public Flat {
            requireNotNegative(per1000);
        }
    }

    /** Each unit costs what the step it falls into says. */
    record Graduated(List<Tier> tiers) implements UnitPrice {
        public Graduated {
            tiers = checked(tiers);
        }
    }

    /** All units cost what the step of their sum says. */
    record Volume(List<Tier> tiers) implements UnitPrice {
        public Volume {
            tiers = checked(tiers);
        }
    }

    /** @throws IllegalArgumentException when the steps have no end, go back or leave a gap; the message names the field */
    private static List<Tier> checked(List<Tier> tiers) {
        if (tiers.isEmpty()) {
            throw new IllegalArgumentException("tiers is empty: state at least one");
        }
        long last = 0;
        for (int i = 0; i < tiers.size(); i++) {
            Tier tier = tiers.get(i);
            requireNotNegative(tier.per1000());
            Long upTo = tier.upTo();
            boolean end = i == tiers.size() - 1;
            if (end != (upTo == null)) {
                throw new IllegalArgumentException(
                        end
                                ? "tiers[" + i + "].upTo is " + upTo
                                        + ": the last tier has no end, or units past it have no price"
                                : "tiers[" + i + "].upTo is missing: only the last tier has no end");
            }
            if (upTo != null) {
                if (upTo <= last) {
                    throw new IllegalArgumentException(
                            "tiers[" + i + "].upTo is " + upTo + ": must be more than " + last);
                }
                last = upTo;
            }
        }
        return List.copyOf(tiers);
    }

    private static void requireNotNegative(BigDecimal per1000) {
        if (per1000.signum() < 0) {
            throw new IllegalArgumentException("per1000 is " + per1000.toPlainString() + ": must not be negative");
        }
    }
}
