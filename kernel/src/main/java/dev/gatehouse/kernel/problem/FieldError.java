package dev.gatehouse.kernel.problem;

/**
 * One fault of a request.
 *
 * @param field the parameter or the path in the body, as in {@code limit} or {@code filter.minPrice}
 * @param message what is wrong with it and what would be right
 */
public record FieldError(String field, String message) {}
