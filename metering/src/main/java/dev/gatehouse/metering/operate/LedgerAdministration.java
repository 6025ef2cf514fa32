package dev.gatehouse.metering.operate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.metering.DeadLetterEntry;
import dev.gatehouse.metering.EventFix;
import dev.gatehouse.metering.MeteringOperations;
import dev.gatehouse.metering.audit.Reconciliation;
import dev.gatehouse.metering.audit.Verification;
import dev.gatehouse.metering.ledger.TenantsUnavailableException;
import dev.gatehouse.runtime.api.AddedOperations;
import dev.gatehouse.runtime.api.AddedOperations.AddedChange;
import dev.gatehouse.runtime.api.AddedOperations.Done;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.http.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Serves {@code administration.yaml} as a part of the admin API. */
public final class LedgerAdministration {
    private static final Duration LONGEST_HOURS = Duration.ofDays(31);
    private static final int MAX_DAYS = 400;

    private final Supplier<MeteringOperations> ledger;
    private final InstantSource clock;

    /** @param ledger asked when the first operation is called */
    public LedgerAdministration(Supplier<MeteringOperations> ledger, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    public static ApiDescription description() {
        return ApiDescription.resource(LedgerAdministration.class, "administration.yaml");
    }

    public AddedOperations operations() {
        return new AddedOperations(
                description(),
                Map.of(
                        "reconcileUsage", this::reconcile,
                        "verifyLedger", this::verify,
                        "listUsageHours", this::hours,
                        "listDeadLetters", this::letters),
                Map.of(
                        "repairCounters", change(this::repair, this::repairPreview),
                        "replayDeadLetter", change(this::replay, this::replayPreview),
                        "dismissDeadLetter", change(this::dismiss, this::dismissPreview)));
    }

    private Response reconcile(ApiCall call) {
        Span span = span(call);
        return Response.ok(view(ledger.get().reconcile(tenant(call), span.first(), span.last())));
    }

    private Done repair(ApiCall call) {
        Span span = span(call);
        Reconciliation before = ledger.get().reconcile(tenant(call), span.first(), span.last());
        Reconciliation after = ledger.get().repair(tenant(call), span.first(), span.last());
        return new Done(
                "counters",
                tenant(call).orElse(null),
                Map.of("findings", before.findings()),
                Map.of("findings", after.findings(), "repaired", after.repaired()),
                view(after));
    }

    private Done repairPreview(ApiCall call) {
        Span span = span(call);
        Reconciliation now = ledger.get().reconcile(tenant(call), span.first(), span.last());
        return new Done("counters", tenant(call).orElse(null), Map.of("findings", now.findings()), Map.of(), view(now));
    }

    private Response verify(ApiCall call) throws Exception {
        Verification found = ledger.get().verify();
        return Response.ok(Map.of(
                "holds", found.holds(),
                "batches", found.batches(),
                "events", found.events(),
                "refusals", found.refusals(),
                "notKept", found.notKept(),
                "findings", found.findings()));
    }

    private Response hours(ApiCall call) {
        Instant from = instant(call, "from");
        Instant to = instant(call, "to");
        if (!from.isBefore(to) || from.plus(LONGEST_HOURS).isBefore(to)) {
            throw invalid("from", "must lie before to, and at most 31 days before it");
        }
        return Response.ok(Map.of("data", ledger.get().hours(from, to)));
    }

    private Response letters(ApiCall call) {
        List<LetterView> letters = ledger
                .get()
                .deadLetters(call.integer("limit").orElse(100))
                .stream()
                .map(LetterView::of)
                .toList();
        return Response.ok(Map.of("data", letters));
    }

    private Done replay(ApiCall call) {
        DeadLetterEntry letter = letter(call);
        UsageEvent given = refusing(() -> ledger.get().replay(letter.id(), fix(call)));
        return replayed(letter, given);
    }

    private Done replayPreview(ApiCall call) {
        DeadLetterEntry letter = letter(call);
        return replayed(letter, refusing(() -> ledger.get().preview(letter.id(), fix(call))));
    }

    private static Done replayed(DeadLetterEntry letter, UsageEvent given) {
        return new Done("dead letter " + letter.id(), given.tenant(), LetterView.of(letter), given, given);
    }

    private Done dismiss(ApiCall call) {
        DeadLetterEntry letter = letter(call);
        ledger.get().dismiss(letter.id(), call.text("reason").orElse("no reason was given"));
        return dismissed(letter);
    }

    private Done dismissPreview(ApiCall call) {
        return dismissed(letter(call));
    }

    private static Done dismissed(DeadLetterEntry letter) {
        LetterView view = LetterView.of(letter);
        return new Done("dead letter " + letter.id(), null, view, Map.of("state", "dismissed"), view);
    }

    private DeadLetterEntry letter(ApiCall call) {
        long id = call.number("letter").orElse(0L);
        return ledger.get()
                .deadLetter(id)
                .orElseThrow(() -> new ProblemException(ProblemCode.NOT_FOUND, "There is no dead letter " + id + "."));
    }

    private static UsageEvent refusing(Supplier<UsageEvent> work) {
        try {
            return work.get();
        } catch (IllegalArgumentException e) {
            throw invalid("letter", String.valueOf(e.getMessage()));
        } catch (TenantsUnavailableException e) {
            throw new ProblemException(
                    ProblemCode.UNAVAILABLE, "Nothing was changed: " + e.getMessage() + ". Try again.");
        }
    }

    private static EventFix fix(ApiCall call) {
        JsonNode body = call.body();
        if (body == null) {
            return EventFix.NONE;
        }
        return new EventFix(
                body.hasNonNull("at")
                        ? OffsetDateTime.parse(body.get("at").asText()).toInstant()
                        : null,
                body.hasNonNull("tenant") ? tenantId(body.get("tenant").asText()) : null,
                body.hasNonNull("cost") ? body.get("cost").asLong() : null,
                body.hasNonNull("charged") ? body.get("charged").asLong() : null);
    }

    private static Map<String, Object> view(Reconciliation found) {
        return Map.of(
                "agrees", found.agrees(),
                "sequences", found.sequences(),
                "tenants", found.tenants(),
                "findings", found.findings(),
                "repaired", found.repaired());
    }

    private record Span(LocalDate first, LocalDate last) {}

    private Span span(ApiCall call) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        LocalDate last = call.text("to").map(LocalDate::parse).orElse(today);
        LocalDate first = call.text("from").map(LocalDate::parse).orElse(last.minusDays(1));
        if (first.isAfter(last) || first.plusDays(MAX_DAYS).isBefore(last)) {
            throw invalid("from", "must not lie after to, and at most 400 days before it");
        }
        return new Span(first, last);
    }

    private static Optional<TenantId> tenant(ApiCall call) {
        return call.text("tenant").map(LedgerAdministration::tenantId);
    }

    private static TenantId tenantId(String text) {
        try {
            return new TenantId(text);
        } catch (IllegalArgumentException e) {
            throw invalid("tenant", "must be a tenant's id, as in tnt_…");
        }
    }

    private static Instant instant(ApiCall call, String name) {
        return OffsetDateTime.parse(call.text(name).orElseThrow()).toInstant();
    }

    private static RuntimeException invalid(String field, String message) {
        return Problem.of(
                        ProblemCode.INVALID_PARAMETERS,
                        "The parameters cannot be used. Nothing was changed. See errors.",
                        List.of(new FieldError(field, message)))
                .asException();
    }

    /** One side of a change. */
    @FunctionalInterface
    private interface Work {
        Done of(ApiCall call);
    }

    private static AddedChange change(Work make, Work preview) {
        return new AddedChange() {
            @Override
            public Done make(ApiCall call) {
                return make.of(call);
            }

            @Override
            public Done preview(ApiCall call) {
                return preview.of(call);
            }
        };
    }
}
