package dev.gatehouse.enrichment.sandbox;

import dev.gatehouse.enrichment.AreaFigures;
import dev.gatehouse.enrichment.Asked;
import dev.gatehouse.enrichment.Enriched;
import dev.gatehouse.enrichment.Home;
import dev.gatehouse.enrichment.Homes;
import dev.gatehouse.enrichment.address.Address;
import dev.gatehouse.enrichment.address.AddressReader;
import dev.gatehouse.enrichment.address.Choice;
import dev.gatehouse.enrichment.address.Likeness;
import dev.gatehouse.enrichment.valuation.Comparable;
import dev.gatehouse.enrichment.valuation.Sale;
import dev.gatehouse.enrichment.valuation.Subject;
import dev.gatehouse.enrichment.valuation.Valuation;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.kernel.sandbox.SandboxHomes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What test keys see: the homes of Sandbox, Ohio. A value rests on the four nearest homes that were sold there, each price
 * taken in proportion to the living area; no regression, no training.
 */
public final class SandboxTown implements Homes {
    private static final double[] WEIGHTS = {0.4, 0.3, 0.2, 0.1};
    private static final double LOW = 0.84;
    private static final double HIGH = 1.17;
    private static final double CONFIDENCE = 0.42;
    private static final double NEAR = 0.0002;

    private final Map<String, Home> homes = new LinkedHashMap<>();
    private final List<Sale> sales = new ArrayList<>();
    private final LocalDate asOf;
    private final AreaFigures area;

    public SandboxTown() {
        LocalDate last = LocalDate.EPOCH;
        for (ListingState listing : SandboxHomes.listings()) {
            Home home = home(listing);
            homes.put(home.propertyKey(), home);
            Home.LastSale sold = home.lastSale();
            if (sold != null) {
                last = last.isAfter(sold.date()) ? last : sold.date();
                if (listing.livingArea() != null) {
                    sales.add(new Sale(
                            String.valueOf(listing.listingKey()),
                            home.propertyKey(),
                            subject(home, listing.livingArea()),
                            sold.price().doubleValue(),
                            sold.date()));
                }
            }
        }
        asOf = last;
        area = figures();
    }

    private static Home home(ListingState listing) {
        BigDecimal paid = listing.closePrice();
        LocalDate day = listing.closeDate();
        return new Home(
                listing.propertyKey(),
                listing.originatingSystemName(),
                new Home.Place(
                        listing.unparsedAddress(),
                        listing.unitNumber(),
                        listing.city(),
                        listing.postalCode(),
                        listing.countyOrParish(),
                        listing.stateOrProvince(),
                        listing.latitude(),
                        listing.longitude()),
                new Home.Structure(
                        listing.propertyType(),
                        listing.propertySubType(),
                        listing.bedroomsTotal(),
                        listing.bathroomsFull(),
                        listing.bathroomsHalf(),
                        listing.livingArea(),
                        listing.lotSizeSquareFeet(),
                        listing.yearBuilt(),
                        listing.storiesTotal(),
                        listing.taxAssessedValue()),
                paid == null || day == null ? null : new Home.LastSale(paid, day));
    }

    private AreaFigures figures() {
        List<BigDecimal> prices = homes.values().stream()
                .map(Home::lastSale)
                .filter(Objects::nonNull)
                .map(Home.LastSale::price)
                .toList();
        List<BigDecimal> perSquareFoot = sales.stream()
                .map(sale -> BigDecimal.valueOf(sale.price() / sale.home().livingArea()))
                .toList();
        return new AreaFigures("zip:43999", asOf, prices.size(), median(prices, 0), median(perSquareFoot, 2));
    }

    private static BigDecimal median(List<BigDecimal> values, int scale) {
        List<BigDecimal> sorted = values.stream().sorted().toList();
        return sorted.get((sorted.size() - 1) / 2)
                .add(sorted.get(sorted.size() / 2))
                .divide(BigDecimal.TWO, scale, RoundingMode.HALF_UP);
    }

    @Override
    public Choice<Home> find(Asked asked) {
        return switch (asked) {
            case Asked.ByKey(String key) -> {
                Home home = homes.get(key);
                yield home == null ? new Choice.None<>() : new Choice.One<>(new Choice.Candidate<>(home, 1));
            }
            case Asked.ByAddress(Address address) ->
                Choice.among(homes.values().stream()
                        .map(home -> new Choice.Candidate<>(home, Likeness.of(address, parsed(home))))
                        .toList());
            case Asked.ByPlace(double latitude, double longitude) ->
                Choice.among(homes.values().stream()
                        .filter(home -> isAt(home, latitude, longitude))
                        .map(home -> new Choice.Candidate<>(home, 1))
                        .toList());
        };
    }

    private static boolean isAt(Home home, double latitude, double longitude) {
        return Math.abs(known(home.place().latitude()) - latitude) < NEAR
                && Math.abs(known(home.place().longitude()) - longitude) < NEAR;
    }

    private static Address parsed(Home home) {
        Home.Place place = home.place();
        return AddressReader.read(String.valueOf(place.address()))
                .orElseThrow()
                .completed(place.unit(), place.city(), place.state(), place.postalCode());
    }

    @Override
    public Enriched enrich(Home home, Depth depth) {
        BigDecimal living = home.structure().livingArea();
        if (depth == Depth.FACTS || living == null) {
            return new Enriched(home, area, null, depth == Depth.FACTS ? null : "facts_missing");
        }
        return new Enriched(
                home,
                area,
                new Enriched.Valued(
                        value(home.propertyKey(), subject(home, living)),
                        new Enriched.ModelFacts("sandbox", "sandbox.1", asOf.toString(), sales.size(), null, null)),
                null);
    }

    private Valuation value(String property, Subject subject) {
        List<Sale> nearest = sales.stream()
                .filter(sale -> !sale.propertyKey().equals(property))
                .sorted(Comparator.<Sale>comparingDouble(sale -> sale.home().metresTo(subject))
                        .thenComparing(Sale::listingKey))
                .limit(WEIGHTS.length)
                .toList();
        double log = 0;
        List<Comparable> comparables = new ArrayList<>();
        for (int i = 0; i < WEIGHTS.length; i++) {
            Sale sale = nearest.get(i);
            double price = sale.price() * subject.livingArea() / sale.home().livingArea();
            log += WEIGHTS[i] * Math.log(price);
            comparables.add(new Comparable(sale, subject.metresTo(sale.home()), price, WEIGHTS[i]));
        }
        double value = Math.exp(log);
        return new Valuation(value, value * LOW, value * HIGH, CONFIDENCE, asOf, comparables);
    }

    private static Subject subject(Home home, BigDecimal livingArea) {
        Home.Structure structure = home.structure();
        return new Subject(
                known(home.place().latitude()),
                known(home.place().longitude()),
                livingArea.doubleValue(),
                known(structure.lotSize()),
                (int) known(structure.yearBuilt()),
                (int) known(structure.bedrooms()),
                (int) known(structure.bathroomsFull()),
                (int) known(structure.bathroomsHalf()),
                known(structure.stories()));
    }

    /** The sandbox says of all its homes whatever is asked here. */
    private static double known(@Nullable Number value) {
        return Objects.requireNonNull(value).doubleValue();
    }
}
