package dev.gatehouse.billing.price;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the units past the included ones cost. */
public sealed interface UnitPrice {
    /** Decimals that a price of 1,000 units may have. */
    int MAX_DECIMALS = 6;

    /** Steps that a price may have. */
    int MAX_TIERS = 50;

    /** Whether the two ask for the same money. */
    default boolean asksLike(@Nullable UnitPrice other) {
        return switch (this) {
            case Flat(BigDecimal per1000) -> other instanceof Flat(BigDecimal theirs) && per1000.compareTo(theirs) == 0;
            case Graduated(List<Tier> tiers) -> other instanceof Graduated(List<Tier> theirs) && same(tiers, theirs);
            case Volume(List<Tier> tiers) -> other instanceof Volume(List<Tier> theirs) && same(tiers, theirs);
        };
    }

    private static boolean same(List<Tier> ours, List<Tier> theirs) {
        if (ours.size() != theirs.size()) {
            return false;
        }
        for (int i = 0; i < ours.size(); i++) {
            if (!Objects.equals(ours.get(i).upTo(), theirs.get(i).upTo())
                    || ours.get(i).per1000().compareTo(theirs.get(i).per1000()) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Every unit costs the same. */
    record Flat(BigDecimal per1000) implements UnitPrice {
        public Flat {
            requirePrice("flat", per1000);
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
        if (tiers.size() > MAX_TIERS) {
            throw new IllegalArgumentException("tiers has " + tiers.size() + " steps: must be at most " + MAX_TIERS);
        }
        long last = 0;
        for (int i = 0; i < tiers.size(); i++) {
            Tier tier = tiers.get(i);
            requirePrice("tiers[" + i + "].per1000", tier.per1000());
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

    private static void requirePrice(String field, BigDecimal per1000) {
        if (per1000.signum() < 0) {
            throw new IllegalArgumentException(field + " is " + per1000.toPlainString() + ": must not be negative");
        }
        if (per1000.stripTrailingZeros().scale() > MAX_DECIMALS || per1000.precision() > 18) {
            throw new IllegalArgumentException(
                    field + " is " + per1000.toPlainString() + ": must have at most " + MAX_DECIMALS + " decimals");
        }
    }
}
