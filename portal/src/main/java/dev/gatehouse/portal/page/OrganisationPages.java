package dev.gatehouse.portal.page;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.Organisations;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.portal.team.Invitation;
import dev.gatehouse.portal.team.Member;
import dev.gatehouse.portal.team.Role;
import dev.gatehouse.portal.team.TeamStore;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.webhooks.Webhooks;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The organisations of a person, and what an owner does with one as a whole: hand it over, take its data along, end it. */
public final class OrganisationPages {
    private final Organisations organisations;
    private final TeamStore teams;
    private final Webhooks webhooks;
    private final Export export;
    private final AuditTrail trail;
    private final Pages pages;
    private final Site site;
    private final InstantSource clock;

    /** What the pages look through. */
    public record Parts(Organisations organisations, TeamStore teams, Webhooks webhooks, Export export) {}

    public OrganisationPages(Parts parts, Pages pages, Site site, InstantSource clock) {
        this.organisations = parts.organisations();
        this.teams = parts.teams();
        this.webhooks = parts.webhooks();
        this.export = parts.export();
        this.trail = new AuditTrail(parts.teams(), clock);
        this.pages = pages;
        this.site = site;
        this.clock = clock;
    }

    public void addTo(Site table) {
        table.get("/organisations", Access.PERSON, this::list)
                .post("/organisations/{organisation}/open", Access.PERSON, this::open)
                .get("/organisation", Access.MEMBER, this::settings)
                .get("/organisation/export", Access.OWNER, this::export)
                .get("/organisation/leave", Access.MEMBER, this::leaveForm)
                .post("/organisation/leave", Access.MEMBER, this::leave)
                .get("/organisation/delete", Access.OWNER, visit -> deleteForm(visit, Fields.empty()))
                .post("/organisation/delete", Access.OWNER, this::delete)
                .get("/team/{member}/owner", Access.OWNER, this::handOverForm)
                .post("/team/{member}/owner", Access.OWNER, this::handOver);
    }

    /** An organisation that somebody belongs to. */
    public record Place(Organisation organisation, Role role) {}

    private Response list(Visit visit) {
        List<Place> places = teams.memberships(visit.person().person()).stream()
                .flatMap(member ->
                        organisations.find(member.tenant()).stream().map(found -> new Place(found, member.role())))
                .toList();
        List<Invitation> invitations = teams.invitationsTo(visit.person().mail(), clock.instant());
        Map<String, Object> values = new HashMap<>();
        values.put("places", places);
        values.put("invitations", Invited.of(invitations, organisations));
        return pages.page(visit, "Your organisations", "organisations", "organisations.jte", values);
    }

    private Response open(Visit visit) {
        String id = visit.request().pathParameter("organisation");
        Member member = teams.memberships(visit.person().person()).stream()
                .filter(found -> found.tenant().value().equals(id))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NOT_FOUND, "You belong to no such organisation. Open the list of yours."));
        return site.opened(Response.seeOther("/"), member.tenant());
    }

    private Response settings(Visit visit) {
        return pages.page(
                visit,
                "Organisation",
                "organisation",
                "organisation.jte",
                Map.of(
                        "members", teams.members(visit.home().id()),
                        "self", visit.member(),
                        "lastOwner", isLastOwner(visit)));
    }

    private Response export(Visit visit) {
        trail.note(visit, "organisation.export", visit.home().slug());
        return Response.bytes(
                        200,
                        "application/json",
                        export.ofOrganisation(visit.home()).getBytes(StandardCharsets.UTF_8))
                .with(
                        "Content-Disposition",
                        "attachment; filename=\"" + visit.home().slug() + "-export.json\"");
    }

    private Response leaveForm(Visit visit) {
        return pages.page(
                visit,
                "Leave the organisation",
                "organisation",
                "organisation-leave.jte",
                Map.of("lastOwner", isLastOwner(visit)));
    }

    private Response leave(Visit visit) {
        if (!teams.remove(visit.home().id(), visit.person().person())) {
            return leaveForm(visit);
        }
        trail.note(visit, "member.leave", visit.person().mail());
        return Response.seeOther("/organisations");
    }

    private Response handOverForm(Visit visit) {
        return pages.page(visit, "Hand over ownership", "team", "hand-over.jte", Map.of("heir", heir(visit)));
    }

    private Response handOver(Visit visit) {
        Member heir = heir(visit);
        teams.handOver(visit.home().id(), visit.person().person(), heir.person());
        trail.note(visit, "organisation.hand-over", "to " + heir.mail());
        return Response.seeOther("/team");
    }

    private Member heir(Visit visit) {
        String id = visit.request().pathParameter("member");
        return teams.members(visit.home().id()).stream()
                .filter(member -> member.person().value().equals(id))
                .filter(member -> !member.person().equals(visit.person().person()))
                .findFirst()
                .orElseThrow(() ->
                        new ProblemException(ProblemCode.NOT_FOUND, "There is nobody else of this id in your team."));
    }

    private Response deleteForm(Visit visit, Fields fields) {
        return pages.page(
                fields.ok() ? 200 : 422,
                visit,
                "Delete the organisation",
                "organisation",
                "organisation-delete.jte",
                Map.of(
                        "fields", fields,
                        "keys",
                                organisations.keys(visit.home().id()).stream()
                                        .filter(key -> key.worksAt(clock.instant()))
                                        .count(),
                        "endpoints", webhooks.endpoints(visit.home().id()).size(),
                        "members", teams.members(visit.home().id()).size()));
    }

    private Response delete(Visit visit) {
        String typed = visit.form().text("name");
        if (!typed.equals(visit.home().name())) {
            return deleteForm(
                    visit,
                    Fields.typed("name", typed)
                            .fault(
                                    "name",
                                    "Type the name as it stands: "
                                            + visit.home().name()));
        }
        // what answers calls first: nothing works any more when the rest is still on its way
        organisations.close(visit.home().id(), visit.person().mail());
        webhooks.endpoints(visit.home().id())
                .forEach(endpoint -> webhooks.delete(visit.home().id(), endpoint.id()));
        trail.note(visit, "organisation.delete", visit.home().slug());
        teams.dissolve(visit.home().id());
        return Response.seeOther("/organisations");
    }

    private boolean isLastOwner(Visit visit) {
        return visit.member().role() == Role.OWNER
                && teams.members(visit.home().id()).stream()
                                .filter(member -> member.role() == Role.OWNER)
                                .count()
                        == 1;
    }
}
