package dev.gatehouse.listings.town;

import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.listings.Facts;
import dev.gatehouse.listings.Place;
import dev.gatehouse.listings.StandardStatus;
import dev.gatehouse.listings.Terms;
import dev.gatehouse.listings.load.Incoming;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Fallow Creek, a town that is nowhere: 5,000 homes with addresses, and their sales over ten years. It has what the bundled
 * homes of Lucas County lack, so that address matching and the price index can be seen at work. All of it comes from one
 * seed; its source is {@link ListingState#TOWN}, and its postal codes are ones that no post office has.
 */
public final class Town {
    public static final int HOMES = 5_000;
    public static final String CITY = "Fallow Creek";
    public static final String COUNTY = "Fallow";
    public static final String STATE = "OH";

    /** By ward. */
    public static final List<String> POSTAL_CODES = List.of("00151", "00152", "00153");

    private static final long SEED = 5_000_2016;
    private static final int UNITS_TO_A_HOUSE = 20;
    private static final int APARTMENT_HOUSES = 36;
    private static final double SOUTH = 41.02;
    private static final double WEST = -84.66;
    private static final double BLOCK = 0.0011;
    private static final double MEAN_YEARS_HELD = 3.6;
    private static final double LEAST_YEARS_HELD = 0.5;
    private static final double NOISE_OF_A_SALE = 0.055;
    private static final double DRIFT_OF_A_YEAR = 0.02;

    private final RandomGenerator chance = new SplittableRandom(SEED);
    private final List<TownStreets.Street> streets = TownStreets.all();
    private final int[] nextNumber = new int[streets.size()];
    private final List<Incoming> sales = new ArrayList<>();
    private int homes;

    private Town() {}

    /** Every sale of every home, home by home; the same at each call. */
    public static List<Incoming> sales() {
        Town town = new Town();
        town.build();
        return List.copyOf(town.sales);
    }

    private void build() {
        for (int house = 0; house < APARTMENT_HOUSES; house++) {
            int street = house % streets.size();
            int number = number(street);
            int built = 1965 + chance.nextInt(50);
            for (int unit = 0; unit < UNITS_TO_A_HOUSE; unit++) {
                home(street, number, unitName(house, unit), built);
            }
        }
        for (int i = 0; homes < HOMES; i++) {
            home(i % streets.size(), number(i % streets.size()), null, 1905 + chance.nextInt(112));
        }
    }

    private int number(int street) {
        nextNumber[street] += 2 + 2 * chance.nextInt(3);
        return 100 + nextNumber[street] + (chance.nextBoolean() ? 1 : 0);
    }

    private static String unitName(int house, int unit) {
        return house % 2 == 0
                ? String.valueOf(101 + unit % 5 + 100 * (unit / 5))
                : (1 + unit / 4) + "" + (char) ('A' + unit % 4);
    }

    private void home(int streetIndex, int number, @Nullable String unit, int built) {
        homes++;
        TownStreets.Street street = streets.get(streetIndex);
        Place place = new Place(
                number + " " + street.name(),
                unit,
                CITY,
                POSTAL_CODES.get(street.ward()),
                COUNTY,
                STATE,
                round(SOUTH + BLOCK * streetIndex, 6),
                round(WEST + BLOCK * number / 40.0, 6));
        double area = unit == null
                ? Math.exp(7.4 + 0.32 * chance.nextGaussian())
                : Math.exp(6.85 + 0.22 * chance.nextGaussian());
        int squareFeet = (int) Math.max(480, Math.min(6_000, area));
        int beds = Math.max(1, Math.min(6, (int) Math.round(squareFeet / 620.0)));
        int baths = Math.max(1, Math.min(4, (int) Math.round(squareFeet / 950.0)));
        BigDecimal lot = unit == null ? BigDecimal.valueOf(3_000 + 100L * chance.nextInt(120)) : null;
        double worth = 96_000
                * Math.pow(squareFeet / 1_500.0, 0.78)
                * Math.exp(0.0022 * (built - 1960) + 0.12 * street.ward() + 0.1 * chance.nextGaussian())
                * (unit == null ? 1 : 0.88);
        sell(place, squareFeet, beds, baths, lot, built, worth, street.ward(), unit != null);
    }

    private void sell(
            Place place,
            int squareFeet,
            int beds,
            int baths,
            @Nullable BigDecimal lot,
            int built,
            double worth,
            int ward,
            boolean apartment) {
        int halfBaths = chance.nextInt(4) == 0 ? 1 : 0;
        LocalDate begin = TownMarket.FIRST.atDay(1);
        LocalDate end = TownMarket.LAST.atEndOfMonth();
        LocalDate date =
                begin.plusDays((long) (chance.nextDouble() * chance.nextDouble() * begin.until(end, ChronoUnit.DAYS)));
        double drift = 0;
        for (int sale = 0; !date.isAfter(end); sale++) {
            double level = TownMarket.level(ward, YearMonth.from(date));
            double price = worth * level * Math.exp(drift + NOISE_OF_A_SALE * chance.nextGaussian());
            Facts facts = new Facts(
                    "Residential",
                    apartment ? "Condominium" : "SingleFamilyResidence",
                    beds,
                    baths,
                    halfBaths,
                    BigDecimal.valueOf(squareFeet),
                    lot,
                    built,
                    apartment ? BigDecimal.ONE : BigDecimal.valueOf(squareFeet > 1_700 ? 2 : 1),
                    BigDecimal.valueOf(Math.round(worth * level * 0.0035) * 100));
            add(sale, place, facts, price, date);
            double years = LEAST_YEARS_HELD - MEAN_YEARS_HELD * Math.log(1 - chance.nextDouble());
            drift += DRIFT_OF_A_YEAR * Math.sqrt(years) * chance.nextGaussian();
            date = date.plusDays((long) (years * 365.25));
        }
    }

    private void add(int sale, Place place, Facts facts, double price, LocalDate date) {
        BigDecimal paid = BigDecimal.valueOf(Math.round(price / 100) * 100);
        String property = "town-%05d".formatted(homes);
        String listing = "town-sale-%05d-%02d".formatted(homes, sale + 1);
        Terms terms = new Terms(StandardStatus.CLOSED, null, paid, null, date);
        sales.add(new Incoming(
                sales.size() + 1L,
                listing,
                property,
                ListingState.TOWN,
                terms,
                place,
                facts,
                UUID.nameUUIDFromBytes((listing + terms + place + facts).getBytes(StandardCharsets.UTF_8))));
    }

    private static double round(double value, int places) {
        return BigDecimal.valueOf(value)
                .setScale(places, RoundingMode.HALF_EVEN)
                .doubleValue();
    }
}
