package dev.gatehouse.listings.operate;

import dev.gatehouse.listings.load.Incoming;
import dev.gatehouse.listings.load.ListingSink;
import dev.gatehouse.runtime.api.AddedOperations;
import dev.gatehouse.runtime.api.AddedOperations.AddedChange;
import dev.gatehouse.runtime.api.AddedOperations.Done;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Serves {@code administration.yaml} as a part of the admin API: takes the rows of an import. */
public final class ImportAdministration {
    private final Supplier<ListingSink> sink;

    /** @param sink asked when the first row comes */
    public ImportAdministration(Supplier<ListingSink> sink) {
        this.sink = sink;
    }

    public static ApiDescription description() {
        return ApiDescription.resource(ImportAdministration.class, "administration.yaml");
    }

    public AddedOperations operations() {
        return new AddedOperations(
                description(),
                Map.of(),
                Map.of(
                        "importRows", change(this::take, call -> rows(call).size()),
                        "finishImport", change(this::finish, call -> 0)));
    }

    private Done take(ApiCall call) {
        List<Incoming> rows = rows(call);
        ListingSink.Taken taken = sink.get().take(run(call), rows);
        return new Done(run(call), null, null, counts(taken, rows.size()), taken);
    }

    /** The audit log keeps how many, not which. */
    private static Map<String, Object> counts(ListingSink.Taken taken, int rows) {
        return Map.of(
                "rows", rows,
                "accepted", taken.accepted(),
                "unchanged", taken.unchanged(),
                "duplicates", taken.duplicates(),
                "repeated", taken.repeated().size());
    }

    private Done finish(ApiCall call) {
        sink.get().finish(run(call));
        return new Done(run(call), null, null, Map.of("state", "finished"), Map.of("import", run(call)));
    }

    private static String run(ApiCall call) {
        return call.text("import").orElseThrow();
    }

    private static List<Incoming> rows(ApiCall call) {
        List<Incoming> rows = new ArrayList<>();
        call.json()
                .path("rows")
                .forEach(row -> rows.add(
                        Json.MAPPER.convertValue(row, ImportedRow.class).incoming()));
        return rows;
    }

    private static AddedChange change(Function<ApiCall, Done> make, Function<ApiCall, Integer> size) {
        return new AddedChange() {
            @Override
            public Done make(ApiCall call) {
                return make.apply(call);
            }

            @Override
            public Done preview(ApiCall call) {
                Map<String, Integer> rows = Map.of("rows", size.apply(call));
                return new Done(run(call), null, null, rows, rows);
            }
        };
    }
}
