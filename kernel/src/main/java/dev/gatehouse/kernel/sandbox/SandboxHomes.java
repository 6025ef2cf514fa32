package dev.gatehouse.kernel.sandbox;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.FieldChange;
import dev.gatehouse.kernel.event.ListingState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The town of Sandbox, Ohio: forty-eight homes and what happened to them in 2025, the same in every installation and in every
 * service. A home is listed each week from 6 January 2025 on. Every third one's price is cut by four percent after twenty
 * days; every fifth one comes back on the market once; all but the last six are sold, every second above its price. Of home
 * 40 the living area is not known, and homes 47 and 48 are two apartments of one house. Test-mode keys see them, so that a
 * program can be written against answers that never change; docs/sandbox.md lists what they are good for.
 */
public final class SandboxHomes {
    /** Their source. */
    public static final String SOURCE = "gatehouse-sandbox";

    private static final int HOMES = 48;
    private static final int STILL_FOR_SALE = 6;
    private static final LocalDate FIRST = LocalDate.of(2025, 1, 6);
    private static final LocalTime NOON = LocalTime.NOON;
    private static final int AREA_UNKNOWN = 39;
    private static final int HOUSE_OF_APARTMENTS = 46;
    private static final BigDecimal ASSESSED_SHARE = new BigDecimal("0.35");

    private final List<Happening> happenings = new ArrayList<>();

    private SandboxHomes() {}

    /**
     * Something that happened to a home of the sandbox.
     *
     * @param type of the domain event that tells of it
     */
    public record Happening(String type, Instant at, ListingState state) {}

    /** Everything that happened, in order; the same at each call. */
    public static List<Happening> happenings() {
        SandboxHomes homes = new SandboxHomes();
        for (int i = 0; i < HOMES; i++) {
            homes.add(i);
        }
        homes.happenings.sort(Comparator.comparing(Happening::at)
                .thenComparing(one -> String.valueOf(one.state().listingKey())));
        return List.copyOf(homes.happenings);
    }

    /**
     * The same as events of a feed of its own, from sequence 1 on.
     *
     * @param json writes the events' data
     */
    public static List<DomainEvent> events(Function<ListingState, String> json) {
        List<DomainEvent> events = new ArrayList<>();
        for (Happening happening : happenings()) {
            long place = events.size() + 1;
            events.add(new DomainEvent(
                    place,
                    "evt_sandbox_" + place,
                    happening.type(),
                    SOURCE,
                    String.valueOf(happening.state().listingKey()),
                    happening.at(),
                    null,
                    json.apply(happening.state())));
        }
        return events;
    }

    /** Each home's listing as everything has left it, in the order of their keys. */
    public static List<ListingState> listings() {
        Map<String, ListingState> last = new TreeMap<>();
        happenings().forEach(one -> last.put(one.state().propertyKey(), one.state()));
        return List.copyOf(last.values());
    }

    /** What of a home changes. */
    private record Standing(
            String status,
            BigDecimal listPrice,
            @Nullable BigDecimal closePrice,
            @Nullable LocalDate closeDate) {
        Standing in(String now) {
            return new Standing(now, listPrice, closePrice, closeDate);
        }
    }

    private void add(int i) {
        LocalDate listed = FIRST.plusWeeks(i);
        BigDecimal price = firstPrice(i);
        Standing now = new Standing("Active", price, null, null);
        say(DomainEvent.LISTING_CREATED, i, listed, now, null, null);
        if (i % 3 == 0) {
            BigDecimal lower = price.multiply(new BigDecimal("0.96")).setScale(0, RoundingMode.HALF_UP);
            now = new Standing("Active", lower, null, null);
            say(DomainEvent.LISTING_PRICE_CHANGED, i, listed.plusDays(20), now, price, null);
        }
        if (i % 5 == 0) {
            now = move(i, listed.plusDays(30), now, "Pending");
            now = move(i, listed.plusDays(35), now, "Active");
        }
        if (i < HOMES - STILL_FOR_SALE) {
            now = move(i, listed.plusDays(40 + i % 20), now, "Pending");
            BigDecimal paid = now.listPrice()
                    .multiply(new BigDecimal(i % 2 == 0 ? "1.03" : "0.97"))
                    .setScale(0, RoundingMode.HALF_UP);
            LocalDate closed = listed.plusDays(70 + i % 20);
            Standing sold = new Standing("Closed", now.listPrice(), paid, closed);
            say(DomainEvent.LISTING_STATUS_CHANGED, i, closed, sold, null, now.status());
            say(DomainEvent.SALE_RECORDED, i, closed, sold, null, null);
        }
    }

    private static BigDecimal firstPrice(int i) {
        return BigDecimal.valueOf(150_000L + i * 37L % 90 * 1_000);
    }

    private Standing move(int i, LocalDate day, Standing now, String status) {
        Standing next = now.in(status);
        say(DomainEvent.LISTING_STATUS_CHANGED, i, day, next, null, now.status());
        return next;
    }

    private void say(
            String type,
            int i,
            LocalDate day,
            Standing now,
            @Nullable BigDecimal previousPrice,
            @Nullable String previousStatus) {
        Instant at = day.atTime(NOON).toInstant(ZoneOffset.UTC);
        String number = (i < 9 ? "0" : "") + (i + 1);
        boolean apartment = i >= HOUSE_OF_APARTMENTS;
        int house = Math.min(i, HOUSE_OF_APARTMENTS);
        ListingState state = new ListingState(
                "sandbox-listing-" + number,
                "sandbox-property-" + number,
                SOURCE,
                now.status(),
                now.listPrice(),
                now.closePrice(),
                FIRST.plusWeeks(i),
                now.closeDate(),
                (100 + house) + " Sandbox Street",
                apartment ? String.valueOf(i - house + 1) : null,
                "Sandbox",
                "43999",
                "Sandbox",
                "OH",
                (41_600 + house) / 1_000.0,
                (-83_500 - house) / 1_000.0,
                "Residential",
                apartment ? "Apartment" : "SingleFamilyResidence",
                3,
                2,
                2,
                0,
                i == AREA_UNKNOWN ? null : BigDecimal.valueOf(1_200L + i * 53L % 40 * 20),
                BigDecimal.valueOf(6_000),
                1950 + i,
                BigDecimal.ONE,
                firstPrice(i).multiply(ASSESSED_SHARE).setScale(0, RoundingMode.HALF_UP),
                null,
                FIRST.plusWeeks(i).atTime(NOON).toInstant(ZoneOffset.UTC),
                at,
                previousPrice,
                previousStatus,
                changes(now, previousPrice, previousStatus));
        happenings.add(new Happening(type, at, state));
    }

    private static List<FieldChange> changes(
            Standing now, @Nullable BigDecimal previousPrice, @Nullable String previousStatus) {
        if (previousPrice != null) {
            return List.of(new FieldChange(
                    "ListPrice", previousPrice.toPlainString(), now.listPrice().toPlainString()));
        }
        return previousStatus == null
                ? List.of()
                : List.of(new FieldChange("StandardStatus", previousStatus, now.status()));
    }
}
