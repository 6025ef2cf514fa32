package dev.gatehouse.enrichment.store;

import dev.gatehouse.enrichment.valuation.HedonicModel;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.Database;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Keeps every model that was trained. */
public final class PostgresModels {
    private final Database database;

    public PostgresModels(Database database) {
        this.database = database;
    }

    /** The newest of each market. */
    public List<HedonicModel> current() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT DISTINCT ON (market) body FROM valuation_model ORDER BY market, version DESC")
                        .mapTo(String.class)
                        .map(body -> Json.read(body, HedonicModel.class))
                        .list());
    }

    public Optional<HedonicModel> current(String market) {
        return current().stream().filter(model -> model.market().equals(market)).findFirst();
    }

    /** Keeps a model; of two trained at once under one version the first stays. */
    public void keep(HedonicModel model, Instant trainedAt) {
        database.jdbi()
                .useHandle(handle -> handle.createUpdate("""
                        INSERT INTO valuation_model (market, version, trained_at, body)
                        VALUES (:market, :version, :at, CAST(:body AS jsonb)) ON CONFLICT DO NOTHING
                        """)
                        .bind("market", model.market())
                        .bind("version", model.version())
                        .bind("at", OffsetDateTime.ofInstant(trainedAt, ZoneOffset.UTC))
                        .bind("body", Json.text(model))
                        .execute());
    }
}
