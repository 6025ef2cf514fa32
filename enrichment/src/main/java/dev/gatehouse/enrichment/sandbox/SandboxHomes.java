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
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What test keys see: six invented homes of Sandbox, Ohio, that never change. 1 Sandbox St is found; 2 Sandbox St is two
 * apartments, so that the address alone is ambiguous; 5 Sandbox St cannot be valued; any other house is not found.
 */
public final class SandboxHomes implements Homes {
    private static final String SYSTEM = "gatehouse-sandbox";
    private static final LocalDate DAY = LocalDate.of(2026, 1, 1);
    private static final double[] WEIGHTS = {0.4, 0.3, 0.2, 0.1};
    private static final double[] PRICES = {0.97, 1.01, 1.04, 1.06};
    private static final double NEAR = 0.0002;

    private final Map<String, Home> homes;

    public SandboxHomes() {
        Map<String, Home> all = new LinkedHashMap<>();
        for (Home home : List.of(
                home("sandbox-1", "1 Sandbox St", null, 0, 1_500, 1970, 3),
                home("sandbox-2a", "2 Sandbox St", "1", 1, 800, 1985, 2),
                home("sandbox-2b", "2 Sandbox St", "2", 1, 850, 1985, 2),
                home("sandbox-3", "3 Sandbox St", null, 2, 2_400, 2005, 4),
                home("sandbox-4", "4 N Sandbox St", null, 3, 1_200, 1950, 2),
                home("sandbox-5", "5 Sandbox St", null, 4, 0, 1930, 3))) {
            all.put(home.propertyKey(), home);
        }
        homes = all;
    }

    private static Home home(
            String key, String address, @Nullable String unit, int place, int area, int year, int beds) {
        return new Home(
                key,
                SYSTEM,
                new Home.Place(address, unit, "Sandbox", "00001", "Sandbox", "OH", 41.0 + place * 0.01, -83.0),
                new Home.Structure(
                        "Residential",
                        unit == null ? "SingleFamilyResidence" : "Apartment",
                        beds,
                        1,
                        1,
                        area == 0 ? null : BigDecimal.valueOf(area),
                        BigDecimal.valueOf(5_000),
                        year,
                        BigDecimal.ONE,
                        BigDecimal.valueOf(90L * area)),
                new Home.LastSale(BigDecimal.valueOf(110L * Math.max(area, 900)), DAY.minusYears(3)));
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
        Double homeLatitude = home.place().latitude();
        Double homeLongitude = home.place().longitude();
        return homeLatitude != null
                && homeLongitude != null
                && Math.abs(homeLatitude - latitude) < NEAR
                && Math.abs(homeLongitude - longitude) < NEAR;
    }

    private static Address parsed(Home home) {
        Home.Place place = home.place();
        return AddressReader.read(String.valueOf(place.address()))
                .orElseThrow()
                .completed(place.unit(), place.city(), place.state(), place.postalCode());
    }

    @Override
    public Enriched enrich(Home home, Depth depth) {
        AreaFigures area = new AreaFigures("zip:00001", DAY, 24, BigDecimal.valueOf(165_000), new BigDecimal("118.50"));
        BigDecimal living = home.structure().livingArea();
        if (depth == Depth.FACTS || living == null) {
            return new Enriched(home, area, null, depth == Depth.FACTS ? null : "facts_missing");
        }
        return new Enriched(
                home,
                area,
                new Enriched.Valued(
                        value(living.doubleValue()),
                        new Enriched.ModelFacts("comparables-hedonic", "sandbox.1", DAY.toString(), 240, 0.12, 0.8)),
                null);
    }

    private static Valuation value(double livingArea) {
        double log = 0;
        List<Comparable> comparables = new ArrayList<>();
        for (int i = 0; i < WEIGHTS.length; i++) {
            double price = 120 * livingArea * PRICES[i];
            log += WEIGHTS[i] * Math.log(price);
            Subject home = new Subject(41.0 + i * 0.001, -83.001, livingArea, 5_000, 1975 + i, 3, 1, 1, 1);
            Sale sale = new Sale(
                    "sandbox-sale-" + i, "sandbox-comparable-" + i, home, price - 2_000, DAY.minusMonths(2L + i));
            comparables.add(new Comparable(sale, 120 + 80.0 * i, price, WEIGHTS[i]));
        }
        double value = Math.exp(log);
        return new Valuation(value, value * 0.84, value * 1.17, 0.42, DAY, comparables);
    }
}
