package dev.gatehouse.signals.answer;

import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.signals.Markets;
import dev.gatehouse.signals.Period;
import dev.gatehouse.signals.external.ExternalSeries;
import dev.gatehouse.signals.market.MarketMonths;
import dev.gatehouse.signals.market.MarketPeriod;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers {@code getMarket}. */
final class MarketsApi {
    private static final int USUAL = 24;
    private static final int MOST = 600;

    private final ReadSide readSide;

    MarketsApi(ReadSide readSide) {
        this.readSide = readSide;
    }

    Response one(ApiCall call) {
        CallerIdentity caller = call.caller();
        Area area = SignalsApi.area(call.text("area").orElseThrow());
        Period period = Period.of(call.text("window").orElseThrow()).orElseThrow();
        YearMonth from = call.text("from").map(text -> month("from", text)).orElse(null);
        YearMonth to = call.text("to").map(text -> month("to", text)).orElse(null);
        if (from != null && to != null && from.isAfter(to)) {
            throw Faults.parameter("from", "must not be after to");
        }
        Markets markets = readSide.markets(caller);
        Optional<MarketMonths> months = markets.find(area, period, to);
        List<ExternalSeries> external = readSide.external(caller).of(area);
        if (months.isEmpty() && external.isEmpty()) {
            throw Faults.unknown(area, markets.nearest(area));
        }
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("Area", area.text());
        data.put("Window", period.text());
        data.put(
                "History",
                months.map(found -> history(found, period, from, to)).orElseGet(List::of).stream()
                        .map(figures -> MarketField.object(figures, caller))
                        .toList());
        if (!external.isEmpty()) {
            data.put(
                    "External",
                    external.stream().map(series -> shown(series, from, to)).toList());
        }
        return Answers.one(200, data, MarketField.absent(caller));
    }

    /** By default its last two years. */
    private static Map<String, @Nullable Object> shown(
            ExternalSeries series, @Nullable YearMonth from, @Nullable YearMonth to) {
        List<ExternalSeries.Month> all = series.values().stream()
                .filter(month -> to == null || !month.month().isAfter(to))
                .toList();
        List<ExternalSeries.Month> wanted = from == null
                ? all.subList(Math.max(0, all.size() - USUAL), all.size())
                : all.stream().filter(month -> !month.month().isBefore(from)).toList();
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("Source", series.source());
        shown.put("Region", series.region());
        shown.put("Measure", series.measure());
        shown.put("Unit", series.unit());
        shown.put(
                "Months",
                wanted.stream()
                        .map(month -> {
                            Map<String, @Nullable Object> value = new LinkedHashMap<>();
                            value.put("Month", month.month().toString());
                            value.put("Value", month.value());
                            return value;
                        })
                        .toList());
        return shown;
    }

    /** By default the last two years of months, or as many quarters or years, up to the last with any figures. */
    private static List<MarketPeriod> history(
            MarketMonths months, Period period, @Nullable YearMonth from, @Nullable YearMonth to) {
        YearMonth end = Optional.ofNullable(to).orElse(months.last());
        if (end == null) {
            return List.of();
        }
        YearMonth start = from;
        if (start == null) {
            YearMonth usual = end.minusMonths((USUAL - 1L) * period.months());
            YearMonth first = Objects.requireNonNullElse(months.first(), end);
            start = first.isAfter(usual) && !first.isAfter(end) ? first : usual;
        }
        if (start.isAfter(end)) {
            return List.of();
        }
        if (ChronoUnit.MONTHS.between(start, end) / period.months() >= MOST) {
            throw Faults.parameter(
                    "from", "asks for more than " + MOST + " periods: ask for fewer, or a longer window");
        }
        return months.between(start, end);
    }

    private static YearMonth month(String field, String text) {
        try {
            return YearMonth.parse(text);
        } catch (DateTimeException e) {
            throw Faults.parameter(field, "is \"" + text + "\": must be a month as in 2026-01");
        }
    }
}
