package dev.gatehouse.portal.page;

import dev.gatehouse.kernel.money.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers, amounts and times as pages write them. */
public final class Show {
    private static final DecimalFormatSymbols SYMBOLS = DecimalFormatSymbols.getInstance(Locale.ENGLISH);
    private static final DateTimeFormatter SECOND = english("d MMM uuuu, HH:mm:ss 'UTC'");
    private static final DateTimeFormatter CLOCK = english("HH:mm:ss 'UTC'");
    private static final DateTimeFormatter DAY = english("d MMM uuuu");
    private static final DateTimeFormatter MONTH = english("MMMM uuuu");
    private static final DateTimeFormatter HOUR = english("d MMM, HH:mm 'UTC'");

    private Show() {}

    public static String number(long value) {
        return new DecimalFormat("#,##0", SYMBOLS).format(value);
    }

    public static String decimal(double value) {
        return new DecimalFormat("#,##0.0", SYMBOLS).format(value);
    }

    public static String percent(double part) {
        return new DecimalFormat(part > 0 && part < 0.1 ? "0.0" : "0", SYMBOLS).format(part * 100) + " %";
    }

    /** A rounded amount, as in {@code 1,234.50 USD}. */
    public static String money(Money money) {
        int decimals = money.currency().getDefaultFractionDigits();
        return new DecimalFormat("#,##0" + (decimals > 0 ? "." + "0".repeat(decimals) : ""), SYMBOLS)
                        .format(money.amount().setScale(decimals, RoundingMode.HALF_EVEN))
                + " " + money.currency().getCurrencyCode();
    }

    /** What one amount is more or less than another, with its sign. */
    public static String difference(Money from, Money to) {
        int decimals = to.currency().getDefaultFractionDigits();
        BigDecimal difference = to.amount().subtract(from.amount()).setScale(decimals, RoundingMode.HALF_EVEN);
        return new DecimalFormat("+#,##0.00;−#,##0.00", SYMBOLS).format(difference) + " "
                + to.currency().getCurrencyCode();
    }

    /** A price, exact, with as many decimals as it has. */
    public static String price(Money money) {
        int decimals = Math.max(
                money.currency().getDefaultFractionDigits(),
                money.amount().stripTrailingZeros().scale());
        return money.amount().setScale(decimals, RoundingMode.UNNECESSARY).toPlainString() + " "
                + money.currency().getCurrencyCode();
    }

    /** A fault as the API words it, as a sentence. */
    public static String sentence(String fault) {
        return fault.isEmpty()
                ? ""
                : fault.substring(0, 1).toUpperCase(Locale.ROOT)
                        + fault.substring(1)
                        + (fault.endsWith(".") ? "" : ".");
    }

    /** A browser in two words out of what it calls itself; the whole when it says nothing known. */
    public static String browser(String agent) {
        String name = agent.contains("Edg/")
                ? "Edge"
                : agent.contains("Firefox/")
                        ? "Firefox"
                        : agent.contains("Chrome/") ? "Chrome" : agent.contains("Safari/") ? "Safari" : "";
        String system = agent.contains("Windows")
                ? "Windows"
                : agent.contains("Android")
                        ? "Android"
                        : agent.contains("iPhone") || agent.contains("iPad")
                                ? "iOS"
                                : agent.contains("Mac OS") ? "macOS" : agent.contains("Linux") ? "Linux" : "";
        return name.isEmpty() ? agent : system.isEmpty() ? name : name + " on " + system;
    }

    public static String time(Instant instant) {
        return SECOND.format(instant);
    }

    public static String clock(Instant instant) {
        return CLOCK.format(instant);
    }

    public static String day(Instant instant) {
        return DAY.format(instant);
    }

    public static String hour(Instant instant) {
        return HOUR.format(instant);
    }

    public static String month(Instant instant) {
        return MONTH.format(instant);
    }

    private static DateTimeFormatter english(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }
}
