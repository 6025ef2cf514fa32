package dev.gatehouse.portal.page;

import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.metering.UsageQuery;
import dev.gatehouse.metering.UsageQuery.Bucket;
import dev.gatehouse.metering.UsageQuery.Dimension;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.metering.UsageSum;
import dev.gatehouse.portal.IssuedKey;
import dev.gatehouse.portal.KeySummary;
import dev.gatehouse.portal.NewKey;
import dev.gatehouse.portal.Organisations;
import dev.gatehouse.portal.PortalSettings;
import dev.gatehouse.portal.shown.ShownSecrets;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.portal.team.TeamStore;
import dev.gatehouse.runtime.http.Response;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keys: make, look at, rotate, revoke. */
public final class KeyPages {
    private final Organisations organisations;
    private final TeamStore teams;
    private final UsageReader usage;
    private final Supplier<List<String>> scopes;
    private final Pages pages;
    private final ShownSecrets shown;
    private final PortalSettings settings;
    private final InstantSource clock;

    /** @param scopes services that a key may be limited to */
    public KeyPages(
            Organisations organisations,
            TeamStore teams,
            UsageReader usage,
            Supplier<List<String>> scopes,
            Pages pages,
            ShownSecrets shown,
            PortalSettings settings,
            InstantSource clock) {
        this.scopes = scopes;
        this.organisations = organisations;
        this.teams = teams;
        this.usage = usage;
        this.pages = pages;
        this.shown = shown;
        this.settings = settings;
        this.clock = clock;
    }

    public void addTo(Site table) {
        table.get("/keys", Access.MEMBER, this::list)
                .get(
                        "/keys/new",
                        Access.DEVELOPER,
                        visit -> form(visit, Fields.empty().with("mode", "live")))
                .post("/keys", Access.DEVELOPER, this::create)
                .get("/keys/{key}", Access.MEMBER, this::one)
                .get("/keys/{key}/shown", Access.DEVELOPER, this::shown)
                .get("/keys/{key}/revoke", Access.DEVELOPER, this::revokeForm)
                .post("/keys/{key}/revoke", Access.DEVELOPER, this::revoke)
                .post("/keys/{key}/rotate", Access.DEVELOPER, this::rotate);
    }

    /**
     * A key with its use of the last seven days.
     *
     * @param lastDay the day it was last used, within these; null when it was not
     */
    public record Row(KeySummary key, long calls, @Nullable Instant lastDay, boolean works) {}

    private Response list(Visit visit) {
        Instant now = clock.instant();
        Map<String, Long> calls = new HashMap<>();
        Map<String, Instant> last = new HashMap<>();
        for (UsageSum sum : usage.sums(new UsageQuery(
                visit.home().id(),
                now.minus(Duration.ofDays(6)),
                now.plusSeconds(1),
                Bucket.DAY,
                Set.of(Dimension.KEY)))) {
            String key = sum.key() == null ? "" : sum.key();
            calls.merge(key, sum.calls(), Long::sum);
            last.put(key, sum.from());
        }
        List<Row> rows = organisations.keys(visit.home().id()).stream()
                .map(key -> new Row(
                        key,
                        calls.getOrDefault(key.id().value(), 0L),
                        last.get(key.id().value()),
                        key.worksAt(now)))
                .toList();
        return pages.page(visit, "Keys", "keys", "keys.jte", Map.of("rows", rows));
    }

    private Response form(Visit visit, Fields fields) {
        return pages.page(
                fields.ok() ? 200 : 422,
                visit,
                "Create a key",
                "keys",
                "key-new.jte",
                Map.of(
                        "fields",
                        fields,
                        "scopes",
                        scopes.get(),
                        "chosen",
                        visit.form().all("scope")));
    }

    private Response create(Visit visit) {
        Fields fields = Fields.empty();
        for (String field : List.of("name", "mode", "expires", "addresses", "percent")) {
            fields = fields.with(field, visit.form().text(field));
        }
        String name = fields.value("name");
        if (name.isEmpty() || name.length() > 60) {
            fields = fields.fault("name", "Name it in 1 to 60 characters, by where it is used.");
        }
        Instant expires = null;
        if (!fields.value("expires").isEmpty()) {
            try {
                expires = LocalDate.parse(fields.value("expires"))
                        .plusDays(1)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant();
                if (!expires.isAfter(clock.instant())) {
                    fields = fields.fault("expires", "This day is over. Choose one to come.");
                }
            } catch (DateTimeException e) {
                fields = fields.fault("expires", "Write the day as 2027-01-31.");
            }
        }
        Integer percent = null;
        if (!fields.value("percent").isEmpty()) {
            if (fields.value("percent").matches("[1-9][0-9]?|100")) {
                percent = Integer.valueOf(fields.value("percent"));
            } else {
                fields = fields.fault("percent", "A whole number from 1 to 100.");
            }
        }
        List<String> addresses = fields.value("addresses")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (addresses.size() > 50
                || addresses.stream().anyMatch(line -> !line.matches("[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?"))) {
            fields = fields.fault(
                    "addresses", "One address or range a line, at most 50, as in 203.0.113.7 or 203.0.113.0/24.");
        }
        Set<String> chosen = visit.form().all("scope").stream()
                .filter(scopes.get()::contains)
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
        if (!fields.ok()) {
            return form(visit, fields);
        }
        KeyMode mode = fields.value("mode").equals("test") ? KeyMode.TEST : KeyMode.LIVE;
        try {
            IssuedKey key = organisations.createKey(
                    visit.home().id(),
                    new NewKey(name, mode, chosen.isEmpty() ? Set.of("*") : chosen, expires, addresses, percent),
                    visit.person().mail());
            note(visit, "key.create", key.summary());
            return shownOnce(shown, visit, key, "");
        } catch (ProblemException e) {
            return form(visit, faults(fields, e));
        }
    }

    private Response one(Visit visit) {
        KeySummary key = find(visit);
        Instant now = clock.instant();
        List<UsageSum> sums = usage.sums(new UsageQuery(
                visit.home().id(),
                now.minus(Duration.ofDays(29)),
                now.plusSeconds(1),
                Bucket.DAY,
                Set.of(Dimension.KEY, Dimension.STATUS)));
        List<CallRow> calls = usage.lastCalls(visit.home().id(), 500).stream()
                .filter(row -> row.event().key().equals(key.id()))
                .limit(10)
                .map(CallRow::of)
                .toList();
        return pages.page(
                visit,
                key.name(),
                "keys",
                "key.jte",
                Map.of(
                        "key",
                        key,
                        "bars",
                        DayBars.of(sums, 30, now, sum -> key.id().value().equals(sum.key())),
                        "calls",
                        calls,
                        "works",
                        key.worksAt(now),
                        "isShown",
                        visit.request().parameter("after").orElse("").equals("shown")));
    }

    private Response revokeForm(Visit visit) {
        return pages.page(visit, "Revoke a key", "keys", "key-revoke.jte", Map.of("key", find(visit)));
    }

    private Response revoke(Visit visit) {
        KeySummary key = find(visit);
        if (key.revokedAt() == null) {
            organisations.revokeKey(visit.home().id(), key.id(), visit.person().mail());
            note(visit, "key.revoke", key);
        }
        return Response.seeOther("/keys/" + key.id());
    }

    private Response rotate(Visit visit) {
        KeySummary key = find(visit);
        String hours = visit.form().text("hours");
        Duration overlap = Duration.ofHours(hours.matches("[0-9]{1,3}") ? Math.min(168, Integer.parseInt(hours)) : 24);
        IssuedKey next = organisations.rotateKey(
                visit.home().id(), key.id(), overlap, visit.person().mail());
        note(visit, "key.rotate", key);
        return shownOnce(shown, visit, next, "?of=rotated");
    }

    /**
     * Leads to the page that shows the key: to load a page again must not make another key.
     *
     * @param more the query that says which page it is
     */
    static Response shownOnce(ShownSecrets shown, Visit visit, IssuedKey key, String more) {
        String id = key.summary().id().value();
        shown.keep(visit.person(), id, key.text());
        return Response.seeOther("/keys/" + id + "/shown" + more);
    }

    private Response shown(Visit visit) {
        KeySummary summary = find(visit);
        String id = summary.id().value();
        Optional<String> text = shown.show(visit.person(), id);
        if (text.isEmpty()) {
            return Response.seeOther("/keys/" + id + "?after=shown");
        }
        String of = visit.request().parameter("of").orElse("");
        boolean isFirst = of.equals("start");
        return pages.page(
                visit,
                isFirst ? "Make your first call" : of.equals("rotated") ? "The key that follows" : "Your new key",
                isFirst ? "" : "keys",
                isFirst ? "first-key.jte" : "key-shown.jte",
                Map.of("key", new IssuedKey(summary, text.get()), "quickstart", Quickstart.of(settings, text.get())));
    }

    /** Only among this organisation's own: an id from elsewhere is as unknown as a made-up one. */
    private KeySummary find(Visit visit) {
        String id = visit.request().pathParameter("key");
        return organisations.keys(visit.home().id()).stream()
                .filter(key -> key.id().value().equals(id))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NOT_FOUND,
                        "There is no such key in " + visit.home().name() + "."));
    }

    private void note(Visit visit, String action, KeySummary key) {
        new AuditTrail(teams, clock).note(visit, action, key.id() + " " + key.name());
    }

    private static Fields faults(Fields fields, ProblemException e) {
        Fields marked = fields;
        for (FieldError error : e.problem().errors()) {
            marked = marked.fault(error.field(), error.message());
        }
        return marked.ok() ? marked.fault("name", e.problem().detail()) : marked;
    }
}
