package dev.gatehouse.signals.external;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.runtime.api.AddedOperations;
import dev.gatehouse.runtime.api.AddedOperations.AddedChange;
import dev.gatehouse.runtime.api.AddedOperations.Done;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiDescription;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Serves {@code administration.yaml} as a part of the admin API: takes series. */
public final class SeriesAdministration {
    private final Function<List<ExternalSeries>, ExternalMarkets.Kept> keep;

    public SeriesAdministration(Function<List<ExternalSeries>, ExternalMarkets.Kept> keep) {
        this.keep = keep;
    }

    public static ApiDescription description() {
        return ApiDescription.resource(SeriesAdministration.class, "administration.yaml");
    }

    public AddedOperations operations() {
        return new AddedOperations(description(), Map.of(), Map.of("importMarketSeries", new AddedChange() {
            @Override
            public Done make(ApiCall call) {
                List<ExternalSeries> series = series(call);
                return done(series, keep.apply(series));
            }

            @Override
            public Done preview(ApiCall call) {
                List<ExternalSeries> series = series(call);
                return done(series, Map.of("series", series.size()));
            }
        }));
    }

    private static Done done(List<ExternalSeries> series, Object answer) {
        return new Done(series.getFirst().source(), null, null, answer, answer);
    }

    private static List<ExternalSeries> series(ApiCall call) {
        List<ExternalSeries> series = new ArrayList<>();
        for (JsonNode one : call.json().path("series")) {
            series.add(new ExternalSeries(
                    one.path("source").asText(),
                    area(one.path("area").asText()),
                    one.path("region").asText(),
                    one.path("measure").asText(),
                    one.path("unit").asText(),
                    months(one.path("values"))));
        }
        return series;
    }

    private static String area(String text) {
        return Area.parse(text)
                .map(Area::text)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.INVALID_BODY,
                                "An area is none by its form.",
                                List.of(new FieldError("series.area", "is \"" + text + "\"")))
                        .asException());
    }

    private static List<ExternalSeries.Month> months(JsonNode values) {
        List<ExternalSeries.Month> months = new ArrayList<>();
        values.properties()
                .forEach(entry -> months.add(new ExternalSeries.Month(
                        YearMonth.parse(entry.getKey()),
                        entry.getValue().isNull() ? null : entry.getValue().decimalValue())));
        return months;
    }
}
