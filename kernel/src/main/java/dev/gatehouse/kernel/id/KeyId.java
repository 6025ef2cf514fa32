package dev.gatehouse.kernel.id;

import java.time.InstantSource;

/** The id of an API key: {@code key_…}. Never the key itself. */
public record KeyId(String value) {
    public static final String PREFIX = "key";

    public KeyId {
        if (!PrefixedId.isWellFormed(PREFIX, value)) {
            throw new IllegalArgumentException("not a key id: " + value);
        }
    }

    public static KeyId next(InstantSource clock) {
        return new KeyId(PrefixedId.next(PREFIX, clock));
    }

    @Override
    public String toString() {
        return value;
    }
}
