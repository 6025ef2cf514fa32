package dev.gatehouse.metering;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Calls of a tenant that were refused within an hour.
 *
 * @param code the problem's code, as in {@code rate_limited}
 * @param key null when the refusal was not about a key
 */
public record RefusalSum(
        Instant hour, String code, @Nullable String key, long count) {}
