package dev.gatehouse.enrichment;

import dev.gatehouse.enrichment.store.PostgresHomes;
import dev.gatehouse.enrichment.store.PostgresModels;
import dev.gatehouse.enrichment.valuation.HedonicModel;
import dev.gatehouse.enrichment.valuation.Training;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models in use, and their training. Another process's new model is seen within half a minute. */
final class Models {
    private static final Logger LOG = LoggerFactory.getLogger(Models.class);
    private static final long FRESH_NANOS = Duration.ofSeconds(30).toNanos();

    private final PostgresHomes homes;
    private final PostgresModels store;
    private final InstantSource clock;
    private final ReentrantLock training = new ReentrantLock();
    private volatile Map<String, HedonicModel> current = Map.of();
    private volatile long readAt = System.nanoTime() - FRESH_NANOS;

    Models(PostgresHomes homes, PostgresModels store, InstantSource clock) {
        this.homes = homes;
        this.store = store;
        this.clock = clock;
    }

    @Nullable
    HedonicModel of(String market) {
        if (System.nanoTime() - readAt >= FRESH_NANOS) {
            read();
        }
        return current.get(market);
    }

    private void read() {
        readAt = System.nanoTime();
        current = store.current().stream()
                .collect(Collectors.toUnmodifiableMap(HedonicModel::market, Function.identity()));
    }

    /** Which markets are trained. */
    enum Which {
        /** Those that have sales enough and no model. */
        NEW,
        /** And those with other sales than their model was trained on. */
        CHANGED
    }

    /** Trains models and takes them into use. @return those that are new */
    List<HedonicModel> train(Which which) {
        training.lock();
        try {
            List<HedonicModel> trained = new ArrayList<>();
            read();
            for (Map.Entry<String, Integer> market : homes.markets().entrySet()) {
                HedonicModel before = current.get(market.getKey());
                boolean due = before == null || (which == Which.CHANGED && before.sales() != market.getValue());
                if (due && market.getValue() >= Training.FEWEST) {
                    train(market.getKey(), before).ifPresent(trained::add);
                }
            }
            return trained;
        } finally {
            training.unlock();
        }
    }

    private Optional<HedonicModel> train(String market, @Nullable HedonicModel before) {
        long begun = System.nanoTime();
        Optional<HedonicModel> model =
                Training.train(market, homes.salesOf(market), before == null ? 1 : before.version() + 1);
        model.ifPresent(trained -> {
            store.keep(trained, clock.instant());
            read();
            LOG.info(
                    "The model {} is trained on {} sales through {} in {} ms: {}",
                    trained.id(),
                    trained.sales(),
                    trained.through(),
                    Duration.ofNanos(System.nanoTime() - begun).toMillis(),
                    trained.accuracy());
        });
        return model;
    }
}
