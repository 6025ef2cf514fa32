package dev.gatehouse.history.index;

/**
 * All pairs of sales with the same two months. Number, sum and sum of squares are all that the regression needs of them.
 *
 * @param first month of the earlier sale, counted from year 0
 * @param second month of the later sale
 * @param sum of the logarithms of later price by earlier price
 * @param sumOfSquares of the same
 */
public record PairGroup(int first, int second, long pairs, double sum, double sumOfSquares) {}
