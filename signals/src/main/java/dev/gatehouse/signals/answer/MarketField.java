package dev.gatehouse.signals.answer;

import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.signals.market.MarketPeriod;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The figures of a period, in their order. */
enum MarketField {
    START("PeriodStart", FieldGroup.BASIC, MarketPeriod::start),
    END("PeriodEnd", FieldGroup.BASIC, MarketPeriod::end),
    NEW("NewListings", FieldGroup.BASIC, MarketPeriod::newListings),
    PENDING("PendingListings", FieldGroup.BASIC, MarketPeriod::pending),
    SOLD("SoldListings", FieldGroup.BASIC, MarketPeriod::sold),
    CUTS("PriceCuts", FieldGroup.BASIC, MarketPeriod::priceCuts),
    INVENTORY("Inventory", FieldGroup.BASIC, MarketPeriod::inventory),
    SUPPLY("MonthsOfSupply", FieldGroup.SIGNALS, MarketPeriod::monthsOfSupply),
    MEDIAN_PRICE("MedianClosePrice", FieldGroup.BASIC, MarketPeriod::medianPrice),
    MEAN_PRICE("MeanClosePrice", FieldGroup.SIGNALS, MarketPeriod::meanPrice),
    MEDIAN_RATE("MedianPricePerSquareFoot", FieldGroup.SIGNALS, MarketPeriod::medianPricePerSquareFoot),
    MEAN_RATE("MeanPricePerSquareFoot", FieldGroup.SIGNALS, MarketPeriod::meanPricePerSquareFoot),
    MEDIAN_DAYS("MedianDaysOnMarket", FieldGroup.SIGNALS, MarketPeriod::medianDaysOnMarket),
    MEAN_DAYS("MeanDaysOnMarket", FieldGroup.SIGNALS, MarketPeriod::meanDaysOnMarket),
    RATIO("CloseToListRatio", FieldGroup.SIGNALS, MarketPeriod::closeToListRatio);

    private final String text;
    private final FieldGroup group;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Function<MarketPeriod, @Nullable Object> value;

    MarketField(String text, FieldGroup group, Function<MarketPeriod, @Nullable Object> value) {
        this.text = text;
        this.group = group;
        this.value = value;
    }

    static Map<String, @Nullable Object> object(MarketPeriod period, CallerIdentity caller) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (MarketField field : values()) {
            if (field.group.isFor(caller)) {
                object.put(field.text, field.value.apply(period));
            }
        }
        return object;
    }

    /** The names of figures that the caller's plan does not include. */
    static List<String> absent(CallerIdentity caller) {
        return Arrays.stream(values())
                .filter(field -> !field.group.isFor(caller))
                .map(field -> field.text)
                .toList();
    }
}
