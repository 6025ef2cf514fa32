package dev.gatehouse.sdk.call;

import java.util.List;

/**
 * A single thing.
 *
 * @param absentFields fields that your plan does not include; they are null in {@code data}
 */
public record One<T>(T data, List<String> absentFields) {
    public One {
        absentFields = List.copyOf(absentFields);
    }
}
