package dev.gatehouse.signals.raise;

import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.signal.Severity;
import dev.gatehouse.kernel.signal.SignalType;
import dev.gatehouse.signals.Signal;
import dev.gatehouse.signals.market.Home;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A signal that is to be stored.
 *
 * @param home as it was then
 * @param occurredAt when what it says happened
 * @param cause what raised it: an event's id, or the level of a stale listing; one cause raises a type once
 * @param evidence the figures that it rests on, by RESO names where there are any
 */
public record Raised(
        SignalType type,
        Severity severity,
        Home home,
        Instant occurredAt,
        String cause,
        Map<String, @Nullable Object> evidence) {
    private static final String PREFIX = "sig";

    public Raised {
        evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
    }

    /** {@code sig_…}; the same whenever the same cause is looked at again. */
    public String id() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((type.text() + '|' + home.listingKey() + '|' + cause).getBytes(StandardCharsets.UTF_8));
            ByteBuffer bits = ByteBuffer.wrap(hash);
            return PrefixedId.of(PREFIX, occurredAt.toEpochMilli(), bits.getLong(), bits.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The signal as callers read it. */
    public Signal signal(Instant raisedAt) {
        return new Signal(
                id(),
                type,
                severity,
                raisedAt,
                occurredAt,
                home.listingKey(),
                home.propertyKey(),
                home.originatingSystem(),
                home.address(),
                home.site().city(),
                home.site().postalCode(),
                home.site().county(),
                home.site().state(),
                home.site().latitude(),
                home.site().longitude(),
                home.propertyType(),
                home.terms().price(),
                evidence);
    }
}
