package dev.gatehouse.portal.page;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.usage.RefusedCall;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.metering.LedgerRow;
import dev.gatehouse.metering.RefusalSum;
import dev.gatehouse.metering.RefusedCalls;
import dev.gatehouse.metering.UsageQuery;
import dev.gatehouse.metering.UsageQuery.Bucket;
import dev.gatehouse.metering.UsageQuery.Dimension;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.metering.UsageSum;
import dev.gatehouse.portal.KeySummary;
import dev.gatehouse.portal.Organisations;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.runtime.http.Request;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What was used: live, by operation, call by call, and why a call went as it did. */
public final class UsagePages {
    private static final int MINUTES = 60;
    private static final int LAST_REFUSED = 10;
    private static final Duration PACE = Duration.ofSeconds(2);
    private static final Duration LONGEST_STREAM = Duration.ofMinutes(10);

    private final UsageReader usage;
    private final RefusedCalls refused;
    private final Organisations organisations;
    private final Pages pages;
    private final InstantSource clock;

    public UsagePages(
            UsageReader usage, RefusedCalls refused, Organisations organisations, Pages pages, InstantSource clock) {
        this.usage = usage;
        this.refused = refused;
        this.organisations = organisations;
        this.pages = pages;
        this.clock = clock;
    }

    public void addTo(Site table) {
        table.get("/usage", Access.MEMBER, this::overview)
                .get("/usage/live", Access.MEMBER, this::live)
                .get("/usage.csv", Access.MEMBER, this::csv)
                .get("/usage/calls", Access.MEMBER, this::find)
                .get("/usage/calls/{request}", Access.MEMBER, this::why);
    }

    /** Sums of a group over some days. */
    public record Group(String name, String label, long calls, long units, long failed, String mean) {}

    /**
     * What is looked at.
     *
     * @param days 1, 7 or 30, today included
     */
    public record Choice(int days, String by) {
        static Choice of(Request request) {
            int days = switch (request.parameter("days").orElse("")) {
                case "1" -> 1;
                case "30" -> 30;
                default -> 7;
            };
            String by = request.parameter("by")
                    .filter(List.of("operation", "key", "version", "status", "plan")::contains)
                    .orElse("operation");
            return new Choice(days, by);
        }

        Dimension dimension() {
            return Dimension.valueOf(by.toUpperCase(Locale.ROOT));
        }

        Instant from(Instant now) {
            return now.minus(Duration.ofDays(days - 1L));
        }
    }

    private Response overview(Visit visit) {
        Instant now = clock.instant();
        TenantId tenant = visit.home().id();
        Choice choice = Choice.of(visit.request());
        Map<String, Object> values = new HashMap<>();
        List<Minute> minutes = minutes(tenant, now);
        values.put("series", Json.text(series(minutes)));
        values.put("minutes", minutes);
        values.put("groups", groups(tenant, now, choice));
        values.put("choice", choice);
        values.put(
                "bars",
                DayBars.of(
                        usage.sums(new UsageQuery(
                                tenant,
                                now.minus(Duration.ofDays(29)),
                                now.plusSeconds(1),
                                Bucket.DAY,
                                Set.of(Dimension.STATUS))),
                        30,
                        now,
                        sum -> true));
        values.put("latency", usage.latency(tenant, now.minus(Duration.ofDays(1)), now));
        values.put("refusals", refusals(tenant, now));
        values.put("refused", refused.last(tenant, LAST_REFUSED));
        values.put(
                "calls", usage.lastCalls(tenant, 25).stream().map(CallRow::of).toList());
        return pages.page(visit, "Usage", "usage", "usage.jte", values);
    }

    /** Calls that were refused for one reason in the last 24 hours. */
    public record Refused(String code, String title, long count) {}

    private List<Refused> refusals(TenantId tenant, Instant now) {
        Map<String, Long> counts = new TreeMap<>();
        for (RefusalSum sum : usage.refusals(tenant, now.minus(Duration.ofDays(1)), now.plusSeconds(1))) {
            counts.merge(sum.code(), sum.count(), Long::sum);
        }
        return counts.entrySet().stream()
                .map(entry -> new Refused(entry.getKey(), title(entry.getKey()), entry.getValue()))
                .sorted(Comparator.comparingLong(Refused::count).reversed())
                .toList();
    }

    private static String title(String code) {
        return Arrays.stream(ProblemCode.values())
                .filter(known -> known.text().equals(code))
                .map(ProblemCode::title)
                .findFirst()
                .orElse("");
    }

    private List<Group> groups(TenantId tenant, Instant now, Choice choice) {
        Dimension dimension = choice.dimension();
        Map<String, String> names = new HashMap<>();
        if (dimension == Dimension.KEY) {
            for (KeySummary key : organisations.keys(tenant)) {
                names.put(key.id().value(), key.name());
            }
        }
        Map<String, List<UsageSum>> groups = new TreeMap<>();
        for (UsageSum sum : usage.sums(new UsageQuery(
                tenant, choice.from(now), now.plusSeconds(1), Bucket.DAY, Set.of(dimension, Dimension.STATUS)))) {
            groups.computeIfAbsent(value(sum, dimension), n -> new ArrayList<>())
                    .add(sum);
        }
        return groups.entrySet().stream()
                .map(entry ->
                        group(entry.getKey(), names.getOrDefault(entry.getKey(), entry.getKey()), entry.getValue()))
                .sorted(Comparator.comparingLong(Group::calls).reversed())
                .toList();
    }

    private static String value(UsageSum sum, Dimension dimension) {
        String value = switch (dimension) {
            case KEY -> sum.key();
            case VERSION -> sum.version();
            case STATUS -> String.valueOf(sum.status());
            case PLAN -> sum.plan();
            case OPERATION -> sum.operation();
        };
        return Objects.requireNonNullElse(value, "–");
    }

    private static Group group(String name, String label, List<UsageSum> sums) {
        long calls = 0;
        long units = 0;
        long failed = 0;
        double millis = 0;
        for (UsageSum sum : sums) {
            calls += sum.calls();
            units += sum.units();
            failed += Objects.requireNonNullElse(sum.status(), 0) >= 400 ? sum.calls() : 0;
            millis += sum.meanMillis() * sum.calls();
        }
        return new Group(name, label, calls, units, failed, Show.decimal(calls == 0 ? 0 : millis / calls));
    }

    /** A minute of the last hour. */
    public record Minute(Instant at, long answered, long failed) {}

    private List<Minute> minutes(TenantId tenant, Instant now) {
        Instant first = Bucket.MINUTE.slot(now).minus(Duration.ofMinutes(MINUTES - 1));
        long[] answered = new long[MINUTES];
        long[] failed = new long[MINUTES];
        for (UsageSum sum : usage.sums(
                new UsageQuery(tenant, first, now.plusSeconds(1), Bucket.MINUTE, Set.of(Dimension.STATUS)))) {
            int slot = (int) Duration.between(first, sum.from()).toMinutes();
            if (slot >= 0 && slot < MINUTES) {
                (Objects.requireNonNullElse(sum.status(), 0) >= 400 ? failed : answered)[slot] += sum.calls();
            }
        }
        List<Minute> minutes = new ArrayList<>(MINUTES);
        for (int i = 0; i < MINUTES; i++) {
            minutes.add(new Minute(first.plusSeconds(60L * i), answered[i], failed[i]));
        }
        return minutes;
    }

    private static List<List<Long>> series(List<Minute> minutes) {
        return List.of(
                minutes.stream().map(minute -> minute.at().getEpochSecond()).toList(),
                minutes.stream().map(Minute::answered).toList(),
                minutes.stream().map(Minute::failed).toList());
    }

    private Response live(Visit visit) {
        TenantId tenant = visit.home().id();
        return Response.stream(200, "text/event-stream", out -> {
            // ended now and then, so that a session that ended does not look on: the browser comes again
            Instant end = clock.instant().plus(LONGEST_STREAM);
            while (clock.instant().isBefore(end)) {
                Instant now = clock.instant();
                Map<String, Object> told = new HashMap<>();
                told.put("series", series(minutes(tenant, now)));
                told.put(
                        "complete", usage.completeUntil().map(Instant::toString).orElse(null));
                String event = "data: " + Json.text(told) + "\n\n";
                out.write(event.getBytes(StandardCharsets.UTF_8));
                out.flush();
                Thread.sleep(PACE);
            }
        });
    }

    /** As the page shows it, by hour; cells that a spreadsheet would take for a formula are quoted by {@link Csv}. */
    private Response csv(Visit visit) {
        Instant now = clock.instant();
        Choice choice = Choice.of(visit.request());
        StringBuilder text =
                new StringBuilder("hour,").append(choice.by()).append(",status,calls,units,billable_units,mean_ms\r\n");
        for (UsageSum sum : usage.sums(new UsageQuery(
                visit.home().id(),
                choice.from(now),
                now.plusSeconds(1),
                Bucket.HOUR,
                Set.of(choice.dimension(), Dimension.STATUS)))) {
            text.append(sum.from())
                    .append(',')
                    .append(Csv.cell(value(sum, choice.dimension())))
                    .append(',')
                    .append(Objects.requireNonNullElse(sum.status(), 0))
                    .append(',')
                    .append(sum.calls())
                    .append(',')
                    .append(sum.units())
                    .append(',')
                    .append(sum.billableUnits())
                    .append(',')
                    .append(String.format(Locale.ROOT, "%.1f", sum.meanMillis()))
                    .append("\r\n");
        }
        return Response.bytes(200, "text/csv; charset=utf-8", text.toString().getBytes(StandardCharsets.UTF_8))
                .with(
                        "Content-Disposition",
                        "attachment; filename=\"usage-by-" + choice.by() + "-" + choice.days() + "-days.csv\"");
    }

    /** From the form that asks for a request id. */
    private Response find(Visit visit) {
        String id = visit.request().parameter("id").orElse("").strip();
        return Response.seeOther(id.matches("[A-Za-z0-9_-]{1,64}") ? "/usage/calls/" + id : "/usage");
    }

    private Response why(Visit visit) {
        String id = visit.request().pathParameter("request");
        TenantId tenant = visit.home().id();
        Optional<LedgerRow> found = usage.call(tenant, id);
        if (found.isEmpty()) {
            Optional<RefusedCall> out = refused.find(tenant, id);
            return out.isPresent() ? whyRefused(visit, out.get()) : whyNothing(visit, id);
        }
        UsageEvent event = found.get().event();
        Map<String, Object> values = new HashMap<>();
        values.put("event", event);
        values.put("late", found.get().late());
        values.put("key", key(tenant, event.key()).orElse(null));
        values.put("limits", visit.home().limits());
        return pages.page(visit, "Why this call went so", "usage", "why.jte", values);
    }

    private Response whyRefused(Visit visit, RefusedCall call) {
        Map<String, Object> values = new HashMap<>();
        values.put("call", call);
        values.put("title", title(call.code()));
        values.put("key", key(visit.home().id(), call.key()).orElse(null));
        return pages.page(visit, "Why this call was refused", "usage", "why-refused.jte", values);
    }

    private Response whyNothing(Visit visit, String id) {
        TenantId tenant = visit.home().id();
        return pages.page(
                404,
                visit,
                "No call of yours has this id",
                "usage",
                "why-not.jte",
                Map.of(
                        "id",
                        id.substring(0, Math.min(64, id.length())),
                        "refusals",
                        refusals(tenant, clock.instant()),
                        "complete",
                        usage.completeUntil().orElse(Instant.EPOCH)));
    }

    private Optional<KeySummary> key(TenantId tenant, KeyId id) {
        return organisations.keys(tenant).stream()
                .filter(summary -> summary.id().equals(id))
                .findFirst();
    }
}
