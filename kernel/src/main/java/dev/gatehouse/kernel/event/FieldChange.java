package dev.gatehouse.kernel.event;

import org.jspecify.annotations.Nullable;

/**
 * One field that a change of a home or a listing touched, in the words of RESO's HistoryTransactional resource.
 *
 * @param fieldName as in {@code ListPrice}
 * @param previousValue null when nothing was said before
 * @param newValue null when nothing is said any more
 * @see <a href="https://ddwiki.reso.org/display/DDW17/HistoryTransactional+Resource">RESO Data Dictionary</a>
 */
public record FieldChange(
        String fieldName,
        @Nullable String previousValue,
        @Nullable String newValue) {}
