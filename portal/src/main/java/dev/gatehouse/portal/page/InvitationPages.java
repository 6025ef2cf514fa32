package dev.gatehouse.portal.page;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.Organisations;
import dev.gatehouse.portal.account.Tokens;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.portal.team.AuditEntry;
import dev.gatehouse.portal.team.Invitation;
import dev.gatehouse.portal.team.TeamStore;
import dev.gatehouse.runtime.http.Response;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Taking an invitation: by the link in the mail, or, once the address is confirmed, from the list of those that wait. */
public final class InvitationPages {
    private final TeamStore teams;
    private final Organisations organisations;
    private final Pages pages;
    private final Site site;
    private final InstantSource clock;

    public InvitationPages(TeamStore teams, Organisations organisations, Pages pages, Site site, InstantSource clock) {
        this.teams = teams;
        this.organisations = organisations;
        this.pages = pages;
        this.site = site;
        this.clock = clock;
    }

    public void addTo(Site table) {
        table.get("/invitations/{token}", Access.PUBLIC, this::invitation)
                .post("/invitations/{token}", Access.PERSON, this::join)
                .post("/organisations/join/{invitation}", Access.PERSON, this::joinById);
    }

    private Response invitation(Visit visit) {
        String token = visit.request().pathParameter("token");
        Optional<Invitation> invitation = teams.invitation(Tokens.hash(token), clock.instant());
        Organisation organisation =
                invitation.flatMap(found -> organisations.find(found.tenant())).orElse(null);
        Map<String, Object> values = new HashMap<>();
        values.put("invitation", organisation == null ? null : invitation.orElse(null));
        values.put("organisation", organisation == null ? "" : organisation.name());
        values.put("token", token);
        values.put("self", visit.session() == null ? "" : visit.session().mail());
        return pages.page(
                invitation.isPresent() && organisation != null ? 200 : 410,
                visit,
                "Invitation",
                "",
                "invitation.jte",
                values);
    }

    private Response join(Visit visit) {
        byte[] hash = Tokens.hash(visit.request().pathParameter("token"));
        Optional<Invitation> invitation = teams.invitation(hash, clock.instant());
        if (invitation.isEmpty()) {
            return invitation(visit);
        }
        if (!invitation.get().mail().equals(visit.person().mail())) {
            throw new ProblemException(
                    ProblemCode.REFUSED,
                    "This invitation is for another mail address than the one that you are signed in with. Sign out, and sign"
                            + " in with the address that it was sent to.");
        }
        return joins(visit, invitation.get()) ? joined(visit, invitation.get()) : invitation(visit);
    }

    /** The mail address is confirmed, so the link in the mail would prove nothing more. */
    private Response joinById(Visit visit) {
        String id = visit.request().pathParameter("invitation");
        Invitation invitation = teams.invitationsTo(visit.person().mail(), clock.instant()).stream()
                .filter(found -> found.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NOT_FOUND, "No such invitation waits for you. It may have been withdrawn."));
        if (!joins(visit, invitation)) {
            throw new ProblemException(ProblemCode.CONFLICT, "This invitation was used a moment ago.");
        }
        return joined(visit, invitation);
    }

    private boolean joins(Visit visit, Invitation invitation) {
        return teams.join(
                invitation,
                visit.person().person(),
                new AuditEntry(
                        clock.instant(),
                        visit.person().mail(),
                        "member.join",
                        invitation.role().text(),
                        visit.request().remoteAddress()));
    }

    private Response joined(Visit visit, Invitation invitation) {
        // somebody for whom it was made ready finds no key yet: that page comes first
        boolean fresh = organisations.keys(invitation.tenant()).isEmpty()
                && invitation.role().mayChangeKeys();
        return site.opened(Response.seeOther(fresh ? "/keys/new" : "/"), invitation.tenant());
    }
}
