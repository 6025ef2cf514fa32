package dev.gatehouse.metering;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigInteger;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was used in one slot by one group; a dimension that was not asked for is null.
 *
 * @param units what remains charged to the quota
 * @param billableUnits units of calls that rating may price: what an invoice counts
 * @param meanMillis mean time from a request's head to its answer's last byte
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UsageSum(
        Instant from,
        @Nullable String key,
        @Nullable String operation,
        @Nullable String version,
        @Nullable Integer status,
        @Nullable String plan,
        long calls,
        long units,
        long billableCalls,
        long billableUnits,
        BigInteger requestBytes,
        BigInteger responseBytes,
        double meanMillis) {}
