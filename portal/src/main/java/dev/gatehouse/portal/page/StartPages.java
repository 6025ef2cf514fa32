package dev.gatehouse.portal.page;

import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.metering.LedgerRow;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.portal.IssuedKey;
import dev.gatehouse.portal.NewKey;
import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.Organisations;
import dev.gatehouse.portal.shown.ShownSecrets;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.portal.team.Member;
import dev.gatehouse.portal.team.Role;
import dev.gatehouse.portal.team.TeamStore;
import dev.gatehouse.portal.trial.TrialKeys;
import dev.gatehouse.runtime.http.Response;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** From a fresh account to the first call: the organisation, its first key shown once, and the line that waits for it. */
public final class StartPages {
    private static final int LONGEST_NAME = 80;
    private static final int MOST = 10;

    private final Parts parts;
    private final TeamStore teams;
    private final UsageReader usage;
    private final Pages pages;
    private final Site site;
    private final InstantSource clock;

    /** What the pages look through. */
    public record Parts(
            Organisations organisations, TeamStore teams, UsageReader usage, TrialKeys trialKeys, ShownSecrets shown) {}

    public StartPages(Parts parts, Pages pages, Site site, InstantSource clock) {
        this.parts = parts;
        this.teams = parts.teams();
        this.usage = parts.usage();
        this.pages = pages;
        this.site = site;
        this.clock = clock;
    }

    public void addTo(Site table) {
        table.get("/start", Access.PERSON, visit -> form(visit, Fields.empty()))
                .post("/start", Access.PERSON, this::create)
                .get("/start/first-call", Access.MEMBER, this::firstCall);
    }

    private Response form(Visit visit, Fields fields) {
        boolean another = visit.request().parameter("another").isPresent()
                || visit.form().text("another").equals("yes");
        if (visit.organisation() != null && !another) {
            return Response.seeOther("/");
        }
        return pages.page(
                fields.ok() ? 200 : 422,
                visit,
                "Name your organisation",
                "",
                "start.jte",
                Map.of(
                        "fields", fields,
                        "another", another,
                        "invitations",
                                Invited.of(
                                        teams.invitationsTo(visit.person().mail(), clock.instant()),
                                        parts.organisations())));
    }

    private Response create(Visit visit) {
        if (visit.organisation() != null && !visit.form().text("another").equals("yes")) {
            // the page with the key was loaded again: the key was shown once
            return Response.seeOther("/keys");
        }
        String name = visit.form().text("name").replaceAll("\\s+", " ");
        Fields fields = Fields.typed("name", name);
        if (name.length() < 2 || name.length() > LONGEST_NAME) {
            return form(visit, fields.fault("name", "Use 2 to " + LONGEST_NAME + " characters."));
        }
        if (teams.memberships(visit.person().person()).size() >= MOST) {
            return form(
                    visit, fields.fault("name", "You belong to " + MOST + " organisations already. Leave one first."));
        }
        String actor = visit.person().mail();
        Organisation made;
        try {
            made = parts.organisations().create(name, actor);
        } catch (ProblemException e) {
            return form(visit, fields.fault("name", e.problem().detail()));
        }
        own(made, visit);
        Member owner = teams.memberships(visit.person().person()).stream()
                .filter(member -> member.tenant().equals(made.id()))
                .findFirst()
                .orElseThrow();
        Visit inside = new Visit(
                visit.request(), visit.cookie(), visit.formToken(), visit.session(), owner, made, visit.form());
        AuditTrail trail = new AuditTrail(teams, clock);
        trail.note(inside, "organisation.create", made.slug());
        IssuedKey key = parts.organisations().createKey(made.id(), NewKey.named("First key", KeyMode.LIVE), actor);
        trail.note(inside, "key.create", key.summary().id() + " First key");
        parts.trialKeys().of(made.id(), actor);
        return site.opened(KeyPages.shownOnce(parts.shown(), inside, key, "?of=start"), made.id());
    }

    /** An organisation that nobody could be made the owner of is closed again: nobody would ever find it. */
    private void own(Organisation made, Visit visit) {
        try {
            teams.add(made.id(), visit.person().person(), Role.OWNER, clock.instant());
        } catch (RuntimeException e) {
            try {
                parts.organisations().close(made.id(), visit.person().mail());
            } catch (RuntimeException also) {
                e.addSuppressed(also);
            }
            throw e;
        }
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
