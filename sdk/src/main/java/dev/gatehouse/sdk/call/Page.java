package dev.gatehouse.sdk.call;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a list.
 *
 * @param next the cursor of the next page; null on the last
 * @param absentFields fields that your plan does not include; they are null in {@code data}
 */
public record Page<T>(List<T> data, @Nullable String next, List<String> absentFields) {
    public Page {
        data = List.copyOf(data);
        absentFields = List.copyOf(absentFields);
    }

    /**
     * All items of all pages; a page is asked for when the one before is used up, and not before.
     *
     * @param page asks for the page after a cursor; for the first when it is null
     */
    public static <T> Stream<T> stream(Function<@Nullable String, Page<T>> page) {
        return Stream.iterate(
                        page.apply(null),
                        java.util.Objects::nonNull,
                        last -> last.next() == null ? null : page.apply(last.next()))
                .flatMap(piece -> piece.data().stream());
    }
}
