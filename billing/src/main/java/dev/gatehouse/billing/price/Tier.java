package dev.gatehouse.billing.price;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A step of a price.
 *
 * @param upTo the last unit of the step, counted from the first unit past the included ones; null for no end
 * @param per1000 price of 1,000 units
 */
public record Tier(@Nullable Long upTo, BigDecimal per1000) {}
