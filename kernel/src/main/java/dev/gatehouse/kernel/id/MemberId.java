package dev.gatehouse.kernel.id;

import java.time.InstantSource;

/** The id of a member, a person in a tenant: {@code mem_…}. */
public record MemberId(String value) {
    public static final String PREFIX = "mem";

    public MemberId {
        if (!PrefixedId.isWellFormed(PREFIX, value)) {
            throw new IllegalArgumentException("not a member id: " + value);
        }
    }

    public static MemberId next(InstantSource clock) {
        return new MemberId(PrefixedId.next(PREFIX, clock));
    }

    @Override
    public String toString() {
        return value;
    }
}
