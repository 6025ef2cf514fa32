package dev.gatehouse.directory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time in which a tenant was suspended.
 *
 * @param until when it was resumed; null while it lasts
 */
public record Suspension(Instant from, @Nullable Instant until) {}
