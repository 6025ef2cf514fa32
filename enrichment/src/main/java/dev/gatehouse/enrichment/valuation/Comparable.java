package dev.gatehouse.enrichment.valuation;

/**
 * A sale that a value rests on.
 *
 * @param distance metres from the home that is valued
 * @param adjustedPrice what the model says that home would have cost, had it been like the valued one and sold on the
 *     value's date; US dollars
 * @param weight its share of the value; all shares together are 1
 */
public record Comparable(Sale sale, double distance, double adjustedPrice, double weight) {}
