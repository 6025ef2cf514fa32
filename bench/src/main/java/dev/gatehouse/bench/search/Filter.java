package dev.gatehouse.bench.search;

import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The documented filters, each with values of its own at every call, so that no answer comes from a cache. */
enum Filter {
    CITY("city", (p, r) -> p.put("city", "Town " + town(r))),
    CITY_NEWEST("city, newest first", (p, r) -> {
        p.put("city", "Town " + town(r));
        p.put("orderBy", "-ModificationTimestamp");
    }),
    POSTAL_CODE("postalCode", (p, r) -> p.put("postalCode", "43" + padded(r.nextInt(800)))),
    COUNTY("county", (p, r) -> p.put("county", "County " + r.nextInt(40))),
    STATE("state", (p, r) -> p.put("state", new String[] {"OH", "MI", "IN", "PA"}[r.nextInt(4)])),
    BOX("bbox of 2 km", (p, r) -> {
        double west = -84.6 + r.nextInt(20) * 0.25 + r.nextDouble() * 0.15;
        double south = 38.9 + r.nextInt(10) * 0.3 + r.nextDouble() * 0.15;
        p.put("bbox", text(west) + "," + text(south) + "," + text(west + 0.024) + "," + text(south + 0.018));
    }),
    WIDE_BOX("bbox of a quarter of all homes", (p, r) -> {
        double west = -84.7 + r.nextDouble() * 0.2;
        p.put("bbox", text(west) + ",38.5," + text(west + 1.2) + ",43");
    }),
    NEAR("near, radius 1 km", (p, r) -> p.put("near", place(r))),
    NEAR_FAR("near, radius 25 km", (p, r) -> {
        p.put("near", place(r));
        p.put("radius", "25000");
    }),
    POLYGON("polygon of 5 corners", (p, r) -> {
        double west = -84.6 + r.nextInt(20) * 0.25 + r.nextDouble() * 0.1;
        double south = 38.9 + r.nextInt(10) * 0.3 + r.nextDouble() * 0.1;
        p.put(
                "polygon",
                text(west) + " " + text(south) + "," + text(west + 0.03) + " " + text(south) + "," + text(west + 0.04)
                        + " "
                        + text(south + 0.02) + "," + text(west + 0.02) + " " + text(south + 0.03) + "," + text(west)
                        + " "
                        + text(south + 0.02));
    }),
    NARROW_PRICE(
            "minPrice and maxPrice, 1 % of homes",
            (p, r) -> {
                int low = 120_000 + r.nextInt(200_000);
                p.put("minPrice", Integer.toString(low));
                p.put("maxPrice", Integer.toString(low + 2_500));
            }),
    LEAST_PRICE(
            "minPrice, half of all homes", (p, r) -> p.put("minPrice", Integer.toString(180_000 + r.nextInt(100_000)))),
    HIGH_PRICE(
            "minPrice, 0.1 % of homes", (p, r) -> p.put("minPrice", Integer.toString(1_500_000 + r.nextInt(500_000)))),
    BEDS("minBeds and maxBeds", (p, r) -> {
        p.put("minBeds", Integer.toString(1 + r.nextInt(6)));
        p.put("maxBeds", "6");
        p.put("minLot", Integer.toString(2_000 + r.nextInt(3_000)));
    }),
    BATHS("minBaths", (p, r) -> {
        p.put("minBaths", Integer.toString(1 + r.nextInt(5)));
        p.put("minLot", Integer.toString(2_000 + r.nextInt(3_000)));
    }),
    AREA("minArea and maxArea", (p, r) -> {
        int low = 800 + r.nextInt(2_500);
        p.put("minArea", Integer.toString(low));
        p.put("maxArea", Integer.toString(low + 20));
    }),
    LOT("minLot and maxLot", (p, r) -> {
        int low = 2_000 + r.nextInt(30_000);
        p.put("minLot", Integer.toString(low));
        p.put("maxLot", Integer.toString(low + 100));
    }),
    YEAR("minYear and maxYear", (p, r) -> {
        int year = 1900 + r.nextInt(120);
        p.put("minYear", Integer.toString(year));
        p.put("maxYear", Integer.toString(year + r.nextInt(4)));
        p.put("minLot", Integer.toString(2_000 + r.nextInt(500)));
    }),
    TYPE("propertyType", (p, r) -> {
        p.put("propertyType", new String[] {"Residential", "Land", "CommercialSale"}[r.nextInt(3)]);
        p.put("minLot", Integer.toString(2_000 + r.nextInt(500)));
    }),
    STATUS("status list", (p, r) -> {
        p.put("status", "Active,Pending");
        p.put("minLot", Integer.toString(2_000 + r.nextInt(500)));
    }),
    MODIFIED(
            "modifiedSince, newest 0.1 %",
            (p, r) -> p.put(
                    "modifiedSince",
                    String.format(
                            Locale.ROOT,
                            "2026-10-%02dT%02d:%02d:00Z",
                            28 + r.nextInt(3),
                            r.nextInt(24),
                            r.nextInt(60)))),
    DAYS_OLD("daysOld", (p, r) -> {
        p.put("daysOld", Integer.toString(25 + r.nextInt(60)));
        p.put("minLot", Integer.toString(2_000 + r.nextInt(500)));
    }),
    TOGETHER("city, price, beds and status", (p, r) -> {
        p.put("city", "Town " + town(r));
        p.put("minPrice", Integer.toString(100_000 + r.nextInt(100_000)));
        p.put("maxPrice", Integer.toString(300_000 + r.nextInt(100_000)));
        p.put("minBeds", "3");
        p.put("status", "Active");
    }),
    CHEAPEST("all homes, cheapest first", (p, r) -> {
        p.put("orderBy", "ListPrice");
        p.put("minLot", Integer.toString(2_000 + r.nextInt(500)));
    }),
    LARGEST("county, largest first", (p, r) -> {
        p.put("county", "County " + r.nextInt(40));
        p.put("orderBy", "-LivingArea");
        p.put("minLot", Integer.toString(2_000 + r.nextInt(500)));
    });

    private final String title;
    private final BiConsumer<Map<String, String>, Random> fill;

    Filter(String title, BiConsumer<Map<String, String>, Random> fill) {
        this.title = title;
        this.fill = fill;
    }

    String title() {
        return title;
    }

    Map<String, String> next(Random random) {
        Map<String, String> parameters = new TreeMap<>();
        fill.accept(parameters, random);
        return parameters;
    }

    private static int town(Random random) {
        return random.nextInt(GeneratedHomes.TOWNS);
    }

    private static String padded(int number) {
        return String.format(Locale.ROOT, "%03d", number);
    }

    private static String place(Random random) {
        return text(39 + random.nextInt(10) * 0.3 + (random.nextDouble() - 0.5) * 0.2) + ","
                + text(-84.5 + random.nextInt(20) * 0.25 + (random.nextDouble() - 0.5) * 0.2);
    }

    private static String text(double degrees) {
        return String.format(Locale.ROOT, "%.5f", degrees);
    }
}
