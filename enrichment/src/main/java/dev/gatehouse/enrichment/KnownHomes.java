package dev.gatehouse.enrichment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.gatehouse.enrichment.address.Choice;
import dev.gatehouse.enrichment.follow.Areas;
import dev.gatehouse.enrichment.store.PostgresHomes;
import dev.gatehouse.enrichment.valuation.HedonicModel;
import dev.gatehouse.enrichment.valuation.Sale;
import dev.gatehouse.enrichment.valuation.Subject;
import dev.gatehouse.enrichment.valuation.Valuation;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The homes that the feed told of. */
final class KnownHomes implements Homes {
    private static final double RADIUS = 100;
    private static final double HALF_LIKELY_AT = 75;
    private static final int AROUND = 20;

    private static final Duration KEPT = Duration.ofSeconds(60);

    private final PostgresHomes homes;
    private final Models models;
    private final AtomicLong changes = new AtomicLong();
    private final Cache<String, Optional<AreaFigures>> figures =
            // of areas that were asked for in one moment not all are made anew in one moment
            Caffeine.newBuilder()
                    .maximumSize(20_000)
                    .expireAfter(Expiry.<String, Optional<AreaFigures>>creating((area, kept) -> soon()))
                    .build();
    // about 5 KiB each
    private final Cache<Appraised, Optional<Valuation>> values =
            Caffeine.newBuilder().maximumSize(5_000).expireAfterWrite(KEPT).build();

    /**
     * What a value was worked out of.
     *
     * @param changes how many there were before: a value that was begun before a change is not answered after it
     */
    private record Appraised(String propertyKey, Subject subject, String model, long changes) {}

    KnownHomes(PostgresHomes homes, Models models) {
        this.homes = homes;
        this.models = models;
    }

    /** Between a half and all of {@link #KEPT}. */
    private static Duration soon() {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(KEPT.toMillis() / 2, KEPT.toMillis()));
    }

    /** Homes or sales have changed: values are worked out anew. Other processes find out within a minute. */
    void changed() {
        long unused = changes.incrementAndGet();
    }

    @Override
    public Choice<Home> find(Asked asked) {
        return switch (asked) {
            case Asked.ByKey(String key) ->
                homes.byKey(key)
                        .<Choice<Home>>map(home -> new Choice.One<>(new Choice.Candidate<>(home, 1)))
                        .orElseGet(Choice.None::new);
            case Asked.ByAddress(var address) -> Choice.among(homes.alike(address));
            case Asked.ByPlace(double latitude, double longitude) ->
                Choice.among(homes.around(latitude, longitude, RADIUS, AROUND).stream()
                        .map(home -> new Choice.Candidate<>(home, nearness(home, latitude, longitude)))
                        .toList());
        };
    }

    /** 1 on the spot, a half at 75 m: one within 45 m is sure, when no other is within 15 m of as near. */
    private static double nearness(Home home, double latitude, double longitude) {
        Subject asked = new Subject(latitude, longitude, 1, 0, 0, 0, 0, 0, 0);
        Double homeLatitude = home.place().latitude();
        Double homeLongitude = home.place().longitude();
        if (homeLatitude == null || homeLongitude == null) {
            return 0;
        }
        double metres = asked.metresTo(new Subject(homeLatitude, homeLongitude, 1, 0, 0, 0, 0, 0, 0));
        return Math.max(0, 1 - metres / (2 * HALF_LIKELY_AT));
    }

    @Override
    public Enriched enrich(Home home, Depth depth) {
        Home.Place place = home.place();
        String area = Areas.of(place.postalCode(), place.latitude(), place.longitude());
        AreaFigures around =
                area == null ? null : figures.get(area, homes::figures).orElse(null);
        if (depth == Depth.FACTS) {
            return new Enriched(home, around, null, null);
        }
        return valued(home, around);
    }

    private Enriched valued(Home home, @Nullable AreaFigures around) {
        Subject subject = subject(home);
        if (subject == null) {
            return new Enriched(home, around, null, "facts_missing");
        }
        Home.Place place = home.place();
        String market = Areas.market(place.county(), place.city(), place.state());
        HedonicModel model = models.of(market);
        if (model == null) {
            return new Enriched(home, around, null, "no_model_for_market");
        }
        Optional<Valuation> value = values.get(
                new Appraised(home.propertyKey(), subject, model.id(), changes.get()), asked -> value(asked, model));
        return value.map(valuation -> new Enriched(home, around, new Enriched.Valued(valuation, facts(model)), null))
                .orElseGet(() -> new Enriched(home, around, null, "too_few_comparables"));
    }

    private Optional<Valuation> value(Appraised asked, HedonicModel model) {
        List<Sale> sales =
                homes.salesAround(model.market(), asked.propertyKey(), asked.subject(), HedonicModel.lookedAt());
        LocalDate asOf = sales.stream().map(Sale::date).reduce(model.through(), (a, b) -> a.isAfter(b) ? a : b);
        return model.value(asked.subject(), asOf, sales);
    }

    private static Enriched.ModelFacts facts(HedonicModel model) {
        var accuracy = model.accuracy();
        return new Enriched.ModelFacts(
                HedonicModel.NAME,
                model.id(),
                model.through().toString(),
                model.sales(),
                accuracy == null ? null : accuracy.medianError(),
                accuracy == null ? null : accuracy.inBand());
    }

    private static @Nullable Subject subject(Home home) {
        Double latitude = home.place().latitude();
        Double longitude = home.place().longitude();
        Home.Structure structure = home.structure();
        BigDecimal area = structure.livingArea();
        Integer year = structure.yearBuilt();
        if (latitude == null || longitude == null || area == null || area.signum() <= 0 || year == null) {
            return null;
        }
        BigDecimal lot = structure.lotSize();
        BigDecimal stories = structure.stories();
        return new Subject(
                latitude,
                longitude,
                area.doubleValue(),
                lot == null ? 0 : lot.doubleValue(),
                year,
                count(structure.bedrooms()),
                count(structure.bathroomsFull()),
                count(structure.bathroomsHalf()),
                stories == null ? 0 : stories.doubleValue());
    }

    private static int count(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
