package dev.gatehouse.signals.market;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one area and month as whole numbers: counts, sums and sorted lists of values. Adding is exact, and taking
 * away what was added restores what was there. Not safe for threads.
 *
 * <p>Prices and prices per square foot are cents, days are days, ratios are millionths.
 */
public final class Figures {
    private int newListings;
    private int pending;
    private int cuts;
    private int inventoryChange;
    private int ratios;
    private long ratioSum;
    private Values prices = Values.NONE;
    private Values rates = Values.NONE;
    private Values days = Values.NONE;

    static Figures ofNew() {
        Figures figures = new Figures();
        figures.newListings = 1;
        return figures;
    }

    static Figures ofPending() {
        Figures figures = new Figures();
        figures.pending = 1;
        return figures;
    }

    static Figures ofCut() {
        Figures figures = new Figures();
        figures.cuts = 1;
        return figures;
    }

    static Figures ofInventory(int change) {
        Figures figures = new Figures();
        figures.inventoryChange = change;
        return figures;
    }

    static Figures ofSale(long cents) {
        Figures figures = new Figures();
        figures.prices = Values.of(cents);
        return figures;
    }

    /** As they were stored. */
    @SuppressWarnings("TooManyParameters")
    public static Figures of(
            int[] counts, int inventoryChange, int ratios, long ratioSum, Values prices, Values rates, Values days) {
        Figures figures = new Figures();
        figures.newListings = counts[0];
        figures.pending = counts[1];
        figures.cuts = counts[2];
        figures.inventoryChange = inventoryChange;
        figures.ratios = ratios;
        figures.ratioSum = ratioSum;
        figures.prices = prices;
        figures.rates = rates;
        figures.days = days;
        return figures;
    }

    void addRate(long cents) {
        rates = rates.plus(Values.of(cents));
    }

    void addDays(long count) {
        days = days.plus(Values.of(count));
    }

    void addRatio(long millionths) {
        ratios++;
        ratioSum += millionths;
    }

    public void add(Figures other) {
        newListings += other.newListings;
        pending += other.pending;
        cuts += other.cuts;
        inventoryChange += other.inventoryChange;
        ratios += other.ratios;
        ratioSum += other.ratioSum;
        prices = prices.plus(other.prices);
        rates = rates.plus(other.rates);
        days = days.plus(other.days);
    }

    /** @throws IllegalStateException when {@code other} was never added */
    public void take(Figures other) {
        newListings -= other.newListings;
        pending -= other.pending;
        cuts -= other.cuts;
        inventoryChange -= other.inventoryChange;
        ratios -= other.ratios;
        ratioSum -= other.ratioSum;
        prices = prices.less(other.prices);
        rates = rates.less(other.rates);
        days = days.less(other.days);
    }

    public boolean isNothing() {
        return equals(new Figures());
    }

    public int newListings() {
        return newListings;
    }

    public int pending() {
        return pending;
    }

    public int cuts() {
        return cuts;
    }

    public int sold() {
        return prices.count();
    }

    /** How many homes more are for sale at the month's end than at its beginning. */
    public int inventoryChange() {
        return inventoryChange;
    }

    public int ratios() {
        return ratios;
    }

    public long ratioSum() {
        return ratioSum;
    }

    public Values prices() {
        return prices;
    }

    public Values rates() {
        return rates;
    }

    public Values days() {
        return days;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Figures that
                && newListings == that.newListings
                && pending == that.pending
                && cuts == that.cuts
                && inventoryChange == that.inventoryChange
                && ratios == that.ratios
                && ratioSum == that.ratioSum
                && prices.equals(that.prices)
                && rates.equals(that.rates)
                && days.equals(that.days);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(
                new int[] {newListings, pending, cuts, inventoryChange, ratios, prices.hashCode(), days.hashCode()});
    }

    @Override
    public String toString() {
        return "new " + newListings + ", pending " + pending + ", cuts " + cuts + ", inventory " + inventoryChange
                + ", ratios " + ratioSum + "/" + ratios + ", prices " + prices + ", rates " + rates + ", days " + days;
    }
}
