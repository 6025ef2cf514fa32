package dev.gatehouse.portal.page;

import dev.gatehouse.portal.Organisations;
import dev.gatehouse.portal.account.Accounts;
import dev.gatehouse.portal.account.Passwords;
import dev.gatehouse.portal.account.Person;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.portal.team.Member;
import dev.gatehouse.portal.team.Role;
import dev.gatehouse.portal.team.TeamStore;
import dev.gatehouse.runtime.http.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What somebody does with their own account: devices, password, their data, its end. */
public final class PersonPages {
    private final Accounts accounts;
    private final TeamStore teams;
    private final Organisations organisations;
    private final Export export;
    private final Pages pages;
    private final Site site;

    /** What the pages look through. */
    public record Parts(Accounts accounts, TeamStore teams, Organisations organisations, Export export) {}

    public PersonPages(Parts parts, Pages pages, Site site) {
        this.accounts = parts.accounts();
        this.teams = parts.teams();
        this.organisations = parts.organisations();
        this.export = parts.export();
        this.pages = pages;
        this.site = site;
    }

    public void addTo(Site table) {
        table.get("/account", Access.PERSON, visit -> account(visit, Fields.empty()))
                .post("/account/password", Access.PERSON, this::password)
                .get("/account/export", Access.PERSON, this::export)
                .get("/account/delete", Access.PERSON, visit -> deleteForm(visit, Fields.empty()))
                .post("/account/delete", Access.PERSON, this::delete)
                .get("/devices", Access.PERSON, this::devices)
                .post("/devices/{session}/end", Access.PERSON, this::endDevice);
    }

    private Response account(Visit visit, Fields fields) {
        return pages.page(
                fields.ok() ? 200 : 422,
                visit,
                "Your account",
                "account",
                "account.jte",
                Map.of(
                        "fields", fields,
                        "person", self(visit),
                        "changed", visit.request().parameter("after").orElse("").equals("password")));
    }

    private Person self(Visit visit) {
        return accounts.person(visit.person().person());
    }

    private Response password(Visit visit) {
        Fields fields = Fields.empty();
        String next = visit.form().raw("password");
        Optional<String> fault = Passwords.fault(next, visit.person().mail());
        if (fault.isPresent()) {
            fields = fields.fault("password", fault.get());
        }
        if (!fields.ok()) {
            return account(visit, fields);
        }
        return switch (accounts.changePassword(self(visit), visit.form().raw("current"), next, visit.browser())) {
            case Accounts.SignIn.Welcome(String token) ->
                site.known(
                        site.signedIn(Response.seeOther("/account?after=password"), token),
                        accounts.deviceMark(visit.person().mail()));
            case Accounts.SignIn.TooMany(Duration wait) ->
                AccountPages.refused(account(visit, fields.fault("current", AccountPages.tooMany(wait))), wait);
            case Accounts.SignIn.NotVerified(), Accounts.SignIn.Wrong() ->
                account(visit, fields.fault("current", "This is not your current password."));
        };
    }

    private Response export(Visit visit) {
        return Response.bytes(
                        200, "application/json", export.ofPerson(self(visit)).getBytes(StandardCharsets.UTF_8))
                .with("Content-Disposition", "attachment; filename=\"account-export.json\"");
    }

    /** Organisations that would be left without an owner. */
    private List<String> orphans(Visit visit) {
        return teams.memberships(visit.person().person()).stream()
                .filter(member -> member.role() == Role.OWNER)
                .filter(member -> teams.members(member.tenant()).stream()
                                .filter(other -> other.role() == Role.OWNER)
                                .count()
                        == 1)
                .map(Member::tenant)
                .flatMap(tenant -> organisations.find(tenant).stream())
                .map(organisation -> organisation.name())
                .toList();
    }

    private Response deleteForm(Visit visit, Fields fields) {
        return pages.page(
                fields.ok() ? 200 : 422,
                visit,
                "Delete your account",
                "account",
                "account-delete.jte",
                Map.of("fields", fields, "orphans", orphans(visit)));
    }

    private Response delete(Visit visit) {
        if (!orphans(visit).isEmpty()) {
            return deleteForm(visit, Fields.empty());
        }
        Person person = self(visit);
        return switch (accounts.confirm(person, visit.form().raw("password"))) {
            case Accounts.SignIn.Welcome welcome -> {
                teams.forget(person.mail());
                accounts.delete(person.id());
                yield site.signedOut(Response.seeOther("/sign-in?after=deleted"));
            }
            case Accounts.SignIn.TooMany(Duration wait) ->
                AccountPages.refused(
                        deleteForm(visit, Fields.empty().fault("password", AccountPages.tooMany(wait))), wait);
            case Accounts.SignIn.NotVerified(), Accounts.SignIn.Wrong() ->
                deleteForm(visit, Fields.empty().fault("password", "This is not your password."));
        };
    }

    private Response devices(Visit visit) {
        return pages.page(
                visit,
                "Devices",
                "account",
                "devices.jte",
                Map.of(
                        "sessions", accounts.sessions(visit.person().person()),
                        "current", visit.person().id()));
    }

    private Response endDevice(Visit visit) {
        String id = visit.request().pathParameter("session");
        boolean ended = id.equals("others")
                ? accounts.endOtherSessions(visit.person())
                : accounts.endSession(visit.person().person(), id);
        if (!ended) {
            throw new dev.gatehouse.kernel.problem.ProblemException(
                    dev.gatehouse.kernel.problem.ProblemCode.NOT_FOUND, "You are signed in on no such device.");
        }
        return Response.seeOther("/devices");
    }
}
