package dev.gatehouse.runtime.feed;

import dev.gatehouse.kernel.event.DomainEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an event must be to have a place in the feed: asked by the outbox that hands it over and by the feed that takes it. */
public final class EventRules {
    /** Characters of an event's data. */
    public static final int LONGEST_DATA = 4 << 20;

    private static final int LONGEST_NAME = 500;

    private EventRules() {}

    /** Why the event cannot be taken; empty when it can. */
    @SuppressWarnings("ConstantValue") // records read from JSON hold null where a field is missing
    public static Optional<String> fault(@Nullable DomainEvent event) {
        if (event == null) {
            return Optional.of("it is null");
        }
        if (event.occurredAt() == null) {
            return Optional.of("occurredAt is missing");
        }
        if (event.occurredAt().getEpochSecond() < -62_135_596_800L
                || event.occurredAt().getEpochSecond() > 253_402_300_799L) {
            return Optional.of("occurredAt lies outside the years 1 to 9999");
        }
        return text("id", event.id(), LONGEST_NAME)
                .or(() -> text("type", event.type(), LONGEST_NAME))
                .or(() -> text("service", event.service(), LONGEST_NAME))
                .or(() -> text("subject", event.subject(), LONGEST_NAME))
                .or(() -> event.tenant() == null ? Optional.empty() : text("tenant", event.tenant(), LONGEST_NAME))
                .or(() -> text("data", event.data(), LONGEST_DATA));
    }

    private static Optional<String> text(String field, @Nullable String value, int longest) {
        if (value == null || value.isEmpty()) {
            return Optional.of(field + " is missing");
        }
        if (value.length() > longest) {
            return Optional.of(field + " has more than " + longest + " characters");
        }
        return value.indexOf('\0') >= 0
                ? Optional.of(field + " has a character that no database takes")
                : Optional.empty();
    }
}
