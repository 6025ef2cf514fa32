package dev.gatehouse.billing.store;

import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.rating.RatingRun;
import dev.gatehouse.billing.rating.RunJson;
import dev.gatehouse.metering.LedgerCut;
import dev.gatehouse.runtime.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Ratings as they were made. */
public final class RunRows {
    private final Handle handle;

    RunRows(Handle handle) {
        this.handle = handle;
    }

    /** @param second what the second calculator came to, as JSON; null where it was not asked */
    public void insert(RatingRun run, @Nullable String second) {
        byte[] input = RunJson.bytes(run.input());
        byte[] output = RunJson.bytes(run.output());
        handle.createUpdate("""
                        INSERT INTO rating_run (run_id, tenant_id, invoice_id, at, algorithm, prices, cut, input, output,
                            input_hash, output_hash, second)
                        VALUES (:id, :tenant, :invoice, :at, :algorithm, :prices, :cut::jsonb, :input, :output, :inputHash,
                            :outputHash, :second::jsonb)
                        """)
                .bind("id", run.id())
                .bind("tenant", run.input().tenant().value())
                .bind("invoice", run.invoice().value())
                .bind("at", Columns.utc(run.at()))
                .bind("algorithm", run.output().algorithm())
                .bind("prices", run.prices())
                .bind("cut", Json.text(run.cut()))
                .bind("input", packed(input))
                .bind("output", packed(output))
                .bind("inputHash", RunJson.hash(input))
                .bind("outputHash", RunJson.hash(output))
                .bind("second", second)
                .execute();
    }

    public Optional<RatingRun> find(String id) {
        return handle.createQuery("SELECT * FROM rating_run WHERE run_id = :id")
                .bind("id", id)
                .map((row, context) -> run(row))
                .findOne();
    }

    /** What the second calculator said of a run, as JSON. */
    public Optional<String> second(String id) {
        return handle.createQuery("SELECT second::text FROM rating_run WHERE run_id = :id AND second IS NOT NULL")
                .bind("id", id)
                .mapTo(String.class)
                .findOne();
    }

    /** The stored hashes of a run's input and output. */
    public List<String> hashes(String id) {
        return handle.createQuery("SELECT input_hash || ' ' || output_hash FROM rating_run WHERE run_id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne()
                .map(both -> List.of(both.split(" ")))
                .orElse(List.of());
    }

    private static RatingRun run(ResultSet row) throws SQLException {
        byte[] output = unpacked(row.getBytes("output"));
        return new RatingRun(
                row.getString("run_id"),
                new InvoiceId(row.getString("invoice_id")),
                Columns.instant(row, "at"),
                Json.read(row.getString("cut"), LedgerCut.class),
                RunJson.input(unpacked(row.getBytes("input"))),
                RunJson.output(output));
    }

    private static byte[] packed(byte[] json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(json.length / 8 + 64);
        try (GZIPOutputStream out = new FastGzip(bytes)) {
            out.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] unpacked(byte[] packed) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("a stored rating is damaged", e);
        }
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
