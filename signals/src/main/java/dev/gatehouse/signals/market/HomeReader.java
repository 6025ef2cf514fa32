package dev.gatehouse.signals.market;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.runtime.json.Json;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what an event or a snapshot of the listings service says of a home. */
public final class HomeReader {
    private static final Logger LOG = LoggerFactory.getLogger(HomeReader.class);
    private static final Set<String> TYPES = Set.of(
            DomainEvent.LISTING_CREATED,
            DomainEvent.LISTING_REMOVED,
            DomainEvent.LISTING_STATUS_CHANGED,
            DomainEvent.LISTING_PRICE_CHANGED,
            DomainEvent.SALE_RECORDED,
            DomainEvent.PROPERTY_UPDATED);
    private static final String SOLD = "Closed";
    private static final String REMOVED = "Delete";
    private static final int LONGEST_TEXT = 400;

    /**
     * What an event says.
     *
     * @param home as it is after the event, the event's own steps among its moves
     */
    public record Said(DomainEvent event, Home home) {}

    private HomeReader() {}

    /**
     * Reads an event.
     *
     * @return empty for an event that is not about a listing, and for one that cannot be read: that is logged and left out,
     *     since a feed must not stand still for it
     */
    public static Optional<Said> read(DomainEvent event) {
        if (!TYPES.contains(event.type())) {
            return Optional.empty();
        }
        try {
            ListingState state = Json.read(event.data(), ListingState.class);
            return state.listingKey() == null
                    ? Optional.empty()
                    : Optional.of(
                            new Said(event, home(state, event.sequence(), status(event, state), moves(event, state))));
        } catch (UncheckedIOException | IllegalArgumentException | NullPointerException e) {
            LOG.error("The event {} at {} cannot be read and is left out.", event.id(), event.sequence(), e);
            return Optional.empty();
        }
    }

    private static String status(DomainEvent event, ListingState state) {
        return switch (event.type()) {
            case DomainEvent.SALE_RECORDED -> SOLD;
            case DomainEvent.LISTING_REMOVED -> REMOVED;
            default -> Objects.requireNonNullElse(state.standardStatus(), "Incomplete");
        };
    }

    private static List<Move> moves(DomainEvent event, ListingState state) {
        return switch (event.type()) {
            case DomainEvent.LISTING_CREATED ->
                List.of(Move.listed(event.sequence(), event.occurredAt(), status(event, state)));
            case DomainEvent.LISTING_STATUS_CHANGED, DomainEvent.LISTING_REMOVED ->
                List.of(Move.status(
                        event.sequence(), event.occurredAt(), state.previousStatus(), status(event, state)));
            case DomainEvent.LISTING_PRICE_CHANGED ->
                List.of(Move.price(event.sequence(), event.occurredAt(), state.previousListPrice(), state.listPrice()));
            // a sale and other facts are what the home is, not a step
            default -> List.of();
        };
    }

    private static Home home(ListingState state, long sequence, String status, List<Move> moves) {
        return new Home(
                bounded(Objects.requireNonNull(state.listingKey())),
                bounded(Objects.requireNonNull(state.propertyKey())),
                state.originatingSystemName(),
                state.unparsedAddress(),
                new Site(
                        state.city(),
                        state.postalCode(),
                        state.countyOrParish(),
                        state.stateOrProvince(),
                        onEarth(state) ? state.latitude() : null,
                        onEarth(state) ? state.longitude() : null),
                state.propertyType(),
                plain(state.livingArea()),
                new Terms(
                        status,
                        plain(state.listPrice()),
                        plain(state.closePrice()),
                        state.listingContractDate(),
                        state.closeDate(),
                        state.originalEntryTimestamp()),
                sequence,
                moves,
                0);
    }

    private static String bounded(String key) {
        if (key.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException("a key is longer than " + LONGEST_TEXT + " characters");
        }
        return key;
    }

    private static boolean onEarth(ListingState state) {
        return state.latitude() != null
                && state.longitude() != null
                && Math.abs(state.latitude()) <= 90
                && Math.abs(state.longitude()) <= 180;
    }

    /** Two numbers that are equal are written alike. */
    private static @Nullable BigDecimal plain(@Nullable BigDecimal number) {
        return number == null
                ? null
                : new BigDecimal(number.stripTrailingZeros().toPlainString());
    }
}
