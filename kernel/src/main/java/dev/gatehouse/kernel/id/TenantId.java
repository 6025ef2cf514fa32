package dev.gatehouse.kernel.id;

import java.time.InstantSource;

/** The id of a tenant, a customer organisation: {@code tnt_…}. */
public record TenantId(String value) {
    public static final String PREFIX = "tnt";

    public TenantId {
        if (!PrefixedId.isWellFormed(PREFIX, value)) {
            throw new IllegalArgumentException("not a tenant id: " + value);
        }
    }

    public static TenantId next(InstantSource clock) {
        return new TenantId(PrefixedId.next(PREFIX, clock));
    }

    @Override
    public String toString() {
        return value;
    }
}
