package dev.gatehouse.directory.admin;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.http.Response;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lists in pages; the cursor is the last row's id. */
final class Paging {
    private record Page(@Nullable String next, int limit) {}

    private record Listing<T>(List<T> data, Page page) {}

    private record Whole<T>(List<T> data) {}

    private Paging() {}

    static int limit(ApiCall call) {
        return call.integer("limit").orElse(100);
    }

    /** @throws ProblemException when it is no id */
    static @Nullable String cursor(ApiCall call, Predicate<String> isId) {
        String cursor = call.text("cursor").orElse(null);
        if (cursor != null && !isId.test(cursor)) {
            throw new ProblemException(
                    ProblemCode.INVALID_CURSOR,
                    "The cursor was not made here. Take page.next of the page before, or none for the first page.");
        }
        return cursor;
    }

    /** @param rows one more than the limit when there is a next page */
    static <T> Response page(List<T> rows, int limit, Function<T, String> id) {
        boolean more = rows.size() > limit;
        List<T> shown = more ? rows.subList(0, limit) : rows;
        return Response.ok(new Listing<>(shown, new Page(more ? id.apply(shown.getLast()) : null, limit)));
    }

    static <T> Response whole(List<T> rows) {
        return Response.ok(new Whole<>(rows));
    }
}
