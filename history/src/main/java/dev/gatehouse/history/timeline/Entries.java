package dev.gatehouse.history.timeline;

import dev.gatehouse.history.HistoryEntry;
import dev.gatehouse.history.Kind;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.FieldChange;
import dev.gatehouse.kernel.event.ListingState;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an event adds to its home's timeline. */
public final class Entries {
    /** The field by which a transfer of title without a known price is told. */
    private static final String TRANSFER = "TransferDate";

    private static final String CLOSED = "Closed";
    private static final String LIST_PRICE = "ListPrice";
    private static final String STATUS = "StandardStatus";
    private static final String ASSESSED = "TaxAssessedValue";
    private static final Set<String> OFF_MARKET =
            Set.of("ActiveUnderContract", "Pending", "Withdrawn", "Hold", "Expired", "Canceled", CLOSED);

    private final DomainEvent event;
    private final ListingState state;
    private final List<HistoryEntry> entries = new ArrayList<>();

    private Entries(DomainEvent event, ListingState state) {
        this.event = event;
        this.state = state;
    }

    /**
     * The entries of one event, in order. A tax entry says only what is assessed now: whether it is news is for the reader
     * of the home's earlier values to say.
     */
    public static List<HistoryEntry> of(DomainEvent event, ListingState state) {
        Entries entries = new Entries(event, state);
        entries.tell();
        return entries.entries;
    }

    private void tell() {
        switch (event.type()) {
            case DomainEvent.LISTING_CREATED -> {
                Instant at = moment(state.listingContractDate());
                add(Kind.LISTING, "New Listing", STATUS, null, state.standardStatus(), at);
                if (state.listPrice() != null) {
                    add(Kind.PRICE, "New Listing", LIST_PRICE, null, text(state.listPrice()), at);
                }
                assessed(at);
            }
            case DomainEvent.LISTING_PRICE_CHANGED ->
                add(
                        Kind.PRICE,
                        "Price Change",
                        LIST_PRICE,
                        text(state.previousListPrice()),
                        text(state.listPrice()),
                        event.occurredAt());
            case DomainEvent.LISTING_STATUS_CHANGED ->
                add(
                        Kind.LISTING,
                        changeType(),
                        STATUS,
                        state.previousStatus(),
                        state.standardStatus(),
                        event.occurredAt());
            case DomainEvent.LISTING_REMOVED ->
                add(Kind.LISTING, "Deleted", STATUS, state.previousStatus(), null, event.occurredAt());
            case DomainEvent.SALE_RECORDED -> sold();
            case DomainEvent.PROPERTY_UPDATED -> state.changes().forEach(this::changed);
            default -> {}
        }
    }

    private void sold() {
        Instant at = moment(state.closeDate());
        LocalDate day = state.closeDate();
        if (state.closePrice() == null && day != null) {
            add(Kind.SALES, "Transfer", TRANSFER, null, day.toString(), at);
            return;
        }
        String before = state.changes().stream()
                .filter(change -> change.fieldName().equals("ClosePrice"))
                .map(FieldChange::previousValue)
                .filter(value -> value != null)
                .findFirst()
                .orElse(null);
        add(Kind.SALES, CLOSED, "ClosePrice", before, text(state.closePrice()), at);
        assessed(at);
    }

    private void assessed(Instant at) {
        if (state.taxAssessedValue() != null && !state.isSimulated()) {
            add(Kind.TAX, "Assessment", ASSESSED, null, text(state.taxAssessedValue()), at);
        }
    }

    private void changed(FieldChange change) {
        switch (change.fieldName()) {
            case ASSESSED ->
                add(Kind.TAX, "Assessment", ASSESSED, change.previousValue(), change.newValue(), event.occurredAt());
            default ->
                add(
                        Kind.PROPERTY,
                        "Changed",
                        change.fieldName(),
                        change.previousValue(),
                        change.newValue(),
                        event.occurredAt());
        }
    }

    /** By RESO's lookup ChangeType. */
    private String changeType() {
        String now = String.valueOf(state.standardStatus());
        String before = state.previousStatus();
        if (now.equals("Active") && before != null && OFF_MARKET.contains(before)) {
            return "Back On Market";
        }
        return now.replaceAll("(?<=[a-z])(?=[A-Z])", " ");
    }

    private void add(
            Kind kind, String changeType, String field, @Nullable String before, @Nullable String now, Instant at) {
        entries.add(new HistoryEntry(
                event.sequence(),
                entries.size(),
                kind,
                state.propertyKey(),
                state.listingKey(),
                state.originatingSystemName(),
                changeType,
                field,
                before,
                now,
                at,
                event.occurredAt()));
    }

    /** A day at its midnight, unless the event is of that day and so knows the moment. */
    private Instant moment(@Nullable LocalDate day) {
        return day == null || day.equals(LocalDate.ofInstant(event.occurredAt(), ZoneOffset.UTC))
                ? event.occurredAt()
                : day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static @Nullable String text(@Nullable BigDecimal value) {
        if (value == null) {
            return null;
        }
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
