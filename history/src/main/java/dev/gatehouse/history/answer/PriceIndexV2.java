package dev.gatehouse.history.answer;

import dev.gatehouse.history.index.PriceIndex;
import dev.gatehouse.history.index.PriceIndexes;
import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.http.Response;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves the price index of {@code v2.yaml}. */
final class PriceIndexV2 {
    private final PriceIndexes indexes;
    private final PriceIndexes sandbox;

    /** @param sandbox what test-mode keys see */
    PriceIndexV2(PriceIndexes indexes, PriceIndexes sandbox) {
        this.indexes = indexes;
        this.sandbox = sandbox;
    }

    Response index(ApiCall call) {
        PriceIndexes source = Callers.isInSandbox(call) ? sandbox : indexes;
        Area area = area(call.text("area").orElseThrow());
        YearMonth from = call.text("from").map(YearMonth::parse).orElse(null);
        YearMonth to = call.text("to").map(YearMonth::parse).orElse(null);
        if (from != null && to != null && from.isAfter(to)) {
            throw refused("from", "must not be after to", "from is after to, so no month lies between them.");
        }
        if (!source.knows(area)) {
            throw new ProblemException(ProblemCode.NOT_FOUND, unknown(area, source.near(area)));
        }
        PriceIndex index = source.of(area);
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("area", area.text());
        data.put("method", "repeat-sales, Case-Shiller weights");
        data.put("base", index.base() == null ? null : index.base().toString());
        data.put("pairs", index.pairs());
        data.put(
                "months",
                index.months().stream()
                        .filter(month -> from == null || !month.month().isBefore(from))
                        .filter(month -> to == null || !month.month().isAfter(to))
                        .map(PriceIndexV2::month)
                        .toList());
        return Callers.kept(Response.ok(Map.of("data", data, "meta", Map.of())));
    }

    private static Map<String, @Nullable Object> month(PriceIndex.Month month) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("month", month.month().toString());
        object.put("index", rounded(month.level()));
        object.put("standardError", rounded(month.standardError()));
        object.put("n", month.pairs());
        if (month.reason() != null) {
            object.put("reason", month.reason());
        }
        return object;
    }

    private static @Nullable BigDecimal rounded(@Nullable Double value) {
        return value == null ? null : BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_EVEN);
    }

    private static Area area(String text) {
        return Area.parse(text)
                .orElseThrow(() -> refused(
                        "area",
                        "must be geohash:…, county:…, zip:… or city:…, as in county:lucas-oh or zip:43604",
                        "The area is none by its form."));
    }

    private static String unknown(Area area, List<String> near) {
        return "No home is known in " + area.text() + "."
                + (near.isEmpty() ? "" : " The nearest names are " + String.join(", ", near) + ".");
    }

    private static ProblemException refused(String field, String right, String detail) {
        return Problem.of(ProblemCode.INVALID_PARAMETERS, detail, List.of(new FieldError(field, right)))
                .asException();
    }
}
