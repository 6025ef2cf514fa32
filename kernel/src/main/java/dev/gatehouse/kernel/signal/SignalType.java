package dev.gatehouse.kernel.signal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a signal about one home says. */
public enum SignalType {
    /** The home came on the market. */
    NEW_LISTING,
    /** Its asking price went down. */
    PRICE_CUT,
    /** It is for sale again after it was under contract or off the market. */
    BACK_ON_MARKET,
    /** It asks clearly less per square foot than like homes nearby sold for. */
    PRICE_BELOW_COMPARABLES,
    /** It has been for sale for long. */
    STALE_LISTING,
    /** It sold for more than it asked. */
    SOLD_ABOVE_LIST;

    /** As it stands in answers, parameters and events, as in {@code price_cut}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<SignalType> of(String text) {
        return Arrays.stream(values()).filter(type -> type.text().equals(text)).findFirst();
    }
}
