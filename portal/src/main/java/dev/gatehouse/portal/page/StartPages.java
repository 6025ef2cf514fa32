package dev.gatehouse.portal.page;

import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.metering.LedgerRow;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.portal.IssuedKey;
import dev.gatehouse.portal.NewKey;
import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.Organisations;
import dev.gatehouse.portal.PortalSettings;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.portal.team.AuditEntry;
import dev.gatehouse.portal.team.Role;
import dev.gatehouse.portal.team.TeamStore;
import dev.gatehouse.runtime.http.Response;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** From a fresh account to the first call: the organisation, its first key shown once, and the line that waits for it. */
public final class StartPages {
    private static final int LONGEST_NAME = 80;

    private final Organisations organisations;
    private final TeamStore teams;
    private final UsageReader usage;
    private final Pages pages;
    private final PortalSettings settings;
    private final InstantSource clock;

    public StartPages(
            Organisations organisations,
            TeamStore teams,
            UsageReader usage,
            Pages pages,
            PortalSettings settings,
            InstantSource clock) {
        this.organisations = organisations;
        this.teams = teams;
        this.usage = usage;
        this.pages = pages;
        this.settings = settings;
        this.clock = clock;
    }

    public void addTo(Site table) {
        table.get("/start", Access.PERSON, visit -> form(visit, Fields.empty()))
                .post("/start", Access.PERSON, this::create)
                .get("/start/first-call", Access.MEMBER, this::firstCall);
    }

    private Response form(Visit visit, Fields fields) {
        if (visit.organisation() != null) {
            return Response.seeOther("/");
        }
        return pages.page(
                fields.ok() ? 200 : 422, visit, "Name your organisation", "", "start.jte", Map.of("fields", fields));
    }

    private Response create(Visit visit) {
        if (visit.organisation() != null) {
            return Response.seeOther("/keys");
        }
        String name = visit.form().text("name").replaceAll("\\s+", " ");
        Fields fields = Fields.typed("name", name);
        if (name.length() < 2 || name.length() > LONGEST_NAME) {
            return form(visit, fields.fault("name", "Use 2 to " + LONGEST_NAME + " characters."));
        }
        String actor = visit.person().mail();
        Organisation made;
        try {
            made = organisations.create(name, actor);
        } catch (ProblemException e) {
            return form(visit, fields.fault("name", e.problem().detail()));
        }
        teams.add(made.id(), visit.person().person(), Role.OWNER, clock.instant());
        IssuedKey key = organisations.createKey(made.id(), NewKey.named("First key", KeyMode.LIVE), actor);
        String address = visit.request().remoteAddress();
        teams.note(made.id(), new AuditEntry(clock.instant(), actor, "organisation.create", made.slug(), address));
        teams.note(
                made.id(),
                new AuditEntry(
                        clock.instant(), actor, "key.create", key.summary().id().value(), address));
        Visit inside = new Visit(
                visit.request(),
                visit.cookie(),
                visit.formToken(),
                visit.session(),
                teams.memberships(visit.person().person()).getFirst(),
                made,
                visit.form());
        Map<String, Object> values = new HashMap<>();
        values.put("key", key);
        values.put("quickstart", Quickstart.of(settings, key.text()));
        return pages.page(inside, "Make your first call", "", "first-key.jte", values);
    }

    private Response firstCall(Visit visit) {
        List<LedgerRow> last = usage.lastCalls(visit.home().id(), 1);
        if (last.isEmpty()) {
            return visit.wantsFragment() ? Response.noContent() : Response.seeOther("/");
        }
        // 286 tells htmx that there is nothing more to wait for
        return pages.fragment(
                visit.wantsFragment() ? 286 : 200, "first-call.jte", Map.of("call", CallRow.of(last.getFirst())));
    }
}
