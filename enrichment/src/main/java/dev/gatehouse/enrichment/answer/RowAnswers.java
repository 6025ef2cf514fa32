package dev.gatehouse.enrichment.answer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.enrichment.Enriched;
import dev.gatehouse.enrichment.Home;
import dev.gatehouse.enrichment.Homes;
import dev.gatehouse.enrichment.address.Choice;
import dev.gatehouse.enrichment.batch.BatchJob;
import dev.gatehouse.enrichment.batch.BatchRow;
import dev.gatehouse.enrichment.batch.RowAnswer;
import dev.gatehouse.enrichment.batch.RowSource;
import dev.gatehouse.kernel.problem.FieldError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers a row of a job as v2 answers a call. */
public final class RowAnswers implements RowAnswer.Answerer {
    private static final Set<String> KNOWN = Set.of("id", "address", "lat", "lon", "PropertyKey");
    private static final int LONGEST = 300;

    private final EnrichmentV2.HomesByMode homes;

    public RowAnswers(EnrichmentV2.HomesByMode homes) {
        this.homes = homes;
    }

    @Override
    public RowAnswer answer(BatchJob job, JsonNode input) {
        List<FieldError> faults = new ArrayList<>();
        if (!input.isObject()) {
            faults.add(new FieldError("row", "must be an object, as in {\"address\": \"1 Main St\"}"));
            return faulty(faults);
        }
        Optional<String> unreadable = RowSource.unreadable(input);
        if (unreadable.isPresent()) {
            faults.add(new FieldError("row", unreadable.get()));
            return faulty(faults);
        }
        for (Iterator<String> names = input.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!KNOWN.contains(name)) {
                faults.add(new FieldError(name, "is not known here: id, address, lat, lon or PropertyKey"));
            }
        }
        Optional<String> address = text(input, "address", faults);
        Optional<String> key = text(input, "PropertyKey", faults);
        Optional<BigDecimal> latitude = number(input, "lat", faults);
        Optional<BigDecimal> longitude = number(input, "lon", faults);
        if (!faults.isEmpty()) {
            return faulty(faults);
        }
        return switch (AskedReader.read(AskedReader.Names.V2, address, latitude, longitude, key)) {
            case AskedReader.Reading.Faulty(var wrong) -> faulty(wrong);
            case AskedReader.Reading.Read(var asked) -> {
                Homes known = homes.of(job.mode());
                yield answer(known, new Shown(job.fields()), known.find(asked));
            }
        };
    }

    private static RowAnswer answer(Homes known, Shown shown, Choice<Home> choice) {
        return switch (choice) {
            case Choice.None<Home>() -> new RowAnswer(BatchRow.Status.NOT_FOUND, Map.of(), Prices.NOT_FOUND, 404);
            case Choice.Several<Home>(var candidates) ->
                new RowAnswer(
                        BatchRow.Status.AMBIGUOUS,
                        Map.of("candidates", Shown.candidates(candidates)),
                        Prices.AMBIGUOUS,
                        200);
            case Choice.One<Home>(Choice.Candidate<Home>(Home home, double score)) -> {
                Enriched enriched = known.enrich(home, shown.hasValuation() ? Homes.Depth.VALUED : Homes.Depth.FACTS);
                Map<String, @Nullable Object> result = new LinkedHashMap<>();
                result.put("score", Shown.rounded(score, 2));
                result.put("data", shown.data(enriched));
                if (!shown.absent().isEmpty()) {
                    result.put("absentFields", shown.absent());
                }
                if (enriched.unvalued() != null) {
                    result.put("unvalued", enriched.unvalued());
                }
                yield new RowAnswer(BatchRow.Status.FOUND, result, Prices.found(enriched), 200);
            }
        };
    }

    private static RowAnswer faulty(List<FieldError> faults) {
        FieldError first = faults.getFirst();
        return new RowAnswer(
                BatchRow.Status.FAILED,
                Map.of("error", Map.of("field", first.field(), "message", first.message())),
                0,
                400);
    }

    private static Optional<String> text(JsonNode input, String name, List<FieldError> faults) {
        JsonNode value = input.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual() || value.asText().isBlank() || value.asText().length() > LONGEST) {
            faults.add(new FieldError(name, "must be a text of 1 to " + LONGEST + " characters"));
            return Optional.empty();
        }
        return Optional.of(value.asText());
    }

    private static Optional<BigDecimal> number(JsonNode input, String name, List<FieldError> faults) {
        JsonNode value = input.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        try {
            if (value.asText().length() <= 40 && (value.isNumber() || value.isTextual())) {
                return Optional.of(new BigDecimal(value.asText().strip()));
            }
        } catch (NumberFormatException e) {
            // said below
        }
        faults.add(new FieldError(name, "must be a number of degrees"));
        return Optional.empty();
    }
}
