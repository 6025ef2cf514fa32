package dev.gatehouse.portal.page;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.portal.team.Invitations;
import dev.gatehouse.portal.team.MailAddress;
import dev.gatehouse.portal.team.Member;
import dev.gatehouse.portal.team.Role;
import dev.gatehouse.portal.team.TeamStore;
import dev.gatehouse.runtime.http.Response;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Who belongs here, who is invited, and what they did. */
public final class TeamPages {
    private static final int MOST_INVITATIONS = 50;

    private final TeamStore teams;
    private final Invitations invitations;
    private final Pages pages;
    private final InstantSource clock;

    public TeamPages(TeamStore teams, Invitations invitations, Pages pages, InstantSource clock) {
        this.teams = teams;
        this.invitations = invitations;
        this.pages = pages;
        this.clock = clock;
    }

    public void addTo(Site table) {
        table.get("/team", Access.MEMBER, visit -> list(visit, Fields.empty()))
                .post("/team/invitations", Access.OWNER, this::invite)
                .post("/team/invitations/{invitation}/withdraw", Access.OWNER, this::withdraw)
                .post("/team/{member}/role", Access.OWNER, this::changeRole)
                .post("/team/{member}/remove", Access.OWNER, this::remove)
                .get("/audit", Access.MEMBER, this::audit);
    }

    private Response list(Visit visit, Fields fields) {
        return pages.page(
                fields.ok() ? 200 : 422,
                visit,
                "Team",
                "team",
                "team.jte",
                Map.of(
                        "members", teams.members(visit.home().id()),
                        "invitations", teams.invitations(visit.home().id(), clock.instant()),
                        "fields", fields));
    }

    private Response invite(Visit visit) {
        String typed = visit.form().text("mail");
        Optional<String> mail = MailAddress.read(typed);
        Optional<Role> role = role(visit.form().text("role"));
        Fields fields = Fields.typed("mail", typed);
        if (mail.isEmpty()) {
            fields = fields.fault("mail", "This is not a mail address. It looks like you@company.com.");
        }
        if (role.isEmpty()) {
            fields = fields.fault("role", "Choose one of the roles.");
        }
        if (teams.invitations(visit.home().id(), clock.instant()).size() >= MOST_INVITATIONS) {
            fields = fields.fault("mail", MOST_INVITATIONS + " invitations are open. Withdraw one first.");
        }
        if (!fields.ok() || mail.isEmpty() || role.isEmpty()) {
            return list(visit, fields);
        }
        invitations.fromMember(
                visit.home(), mail.get(), role.get(), visit.person().mail());
        note(visit, "member.invite", mail.get() + " as " + role.get().text());
        return Response.seeOther("/team");
    }

    private Response withdraw(Visit visit) {
        String id = visit.request().pathParameter("invitation");
        if (!teams.withdraw(visit.home().id(), id)) {
            throw nothing();
        }
        note(visit, "invitation.withdraw", id);
        return Response.seeOther("/team");
    }

    private Response changeRole(Visit visit) {
        Member member = find(visit);
        Role role = role(visit.form().text("role")).orElseThrow(TeamPages::nothing);
        if (!teams.changeRole(visit.home().id(), member.person(), role)) {
            return list(
                    visit,
                    Fields.empty().fault("member", "The last owner stays one. Make somebody else an owner first."));
        }
        note(visit, "member.role", member.mail() + " to " + role.text());
        return Response.seeOther("/team");
    }

    private Response remove(Visit visit) {
        Member member = find(visit);
        if (!teams.remove(visit.home().id(), member.person())) {
            return list(
                    visit, Fields.empty().fault("member", "The last owner stays. Make somebody else an owner first."));
        }
        note(visit, "member.remove", member.mail());
        return Response.seeOther("/team");
    }

    private Response audit(Visit visit) {
        return pages.page(
                visit,
                "Audit log",
                "team",
                "audit.jte",
                Map.of(
                        "entries",
                        teams.audit(visit.home().id(), 200),
                        "organisation",
                        visit.home().name()));
    }

    private Member find(Visit visit) {
        String id = visit.request().pathParameter("member");
        return teams.members(visit.home().id()).stream()
                .filter(member -> member.person().value().equals(id))
                .findFirst()
                .orElseThrow(TeamPages::nothing);
    }

    private void note(Visit visit, String action, String subject) {
        new AuditTrail(teams, clock).note(visit, action, subject);
    }

    private static Optional<Role> role(String name) {
        return Arrays.stream(Role.values())
                .filter(role -> role.name().equals(name))
                .findFirst();
    }

    private static ProblemException nothing() {
        return new ProblemException(ProblemCode.NOT_FOUND, "There is nobody and nothing of this id in your team.");
    }
}
