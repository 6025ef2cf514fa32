package dev.gatehouse.portal.page;

import dev.gatehouse.portal.PortalSettings;
import dev.gatehouse.portal.account.Accounts;
import dev.gatehouse.portal.account.Accounts.SignIn;
import dev.gatehouse.portal.account.Accounts.Verified;
import dev.gatehouse.portal.account.MailLink;
import dev.gatehouse.portal.account.Passwords;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Return;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.portal.team.MailAddress;
import dev.gatehouse.runtime.http.Response;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Sign-up, sign-in, and the links that come by mail. */
public final class AccountPages {
    static String tooMany(Duration wait) {
        long minutes = wait.plusSeconds(59).toMinutes();
        return "Too many tries from here. Try again in " + (minutes == 1 ? "a minute" : minutes + " minutes")
                + ". Your account is not changed.";
    }

    /** When a refused try may be made again, in whole seconds (RFC 9110, section 10.2.3). */
    static Response refused(Response page, Duration wait) {
        return page.with("Retry-After", Long.toString(wait.plusMillis(999).toSeconds()));
    }

    private final Accounts accounts;
    private final Pages pages;
    private final Site site;
    private final PortalSettings settings;

    public AccountPages(Accounts accounts, Pages pages, Site site, PortalSettings settings) {
        this.settings = settings;
        this.accounts = accounts;
        this.pages = pages;
        this.site = site;
    }

    public void addTo(Site table) {
        table.get("/sign-up", Access.PUBLIC, visit -> signUpForm(visit, Fields.empty(), 200))
                .post("/sign-up", Access.PUBLIC, this::signUp)
                .get("/sign-in", Access.PUBLIC, visit -> signInForm(visit, Fields.empty(), 200, ""))
                .post("/sign-in", Access.PUBLIC, this::signIn)
                .post("/sign-out", Access.PERSON, this::signOut)
                .get("/verify/{token}", Access.PUBLIC, this::verifyForm)
                .post("/verify/{token}", Access.PUBLIC, this::verify)
                .get("/forgot", Access.PUBLIC, visit -> forgotForm(visit, Fields.empty()))
                .post("/forgot", Access.PUBLIC, this::forgot)
                .get("/reset/{token}", Access.PUBLIC, visit -> resetForm(visit, Fields.empty()))
                .post("/reset/{token}", Access.PUBLIC, this::reset);
    }

    private Response signUpForm(Visit visit, Fields fields, int status) {
        if (visit.session() != null) {
            return Response.seeOther("/");
        }
        return pages.page(status, visit, "Create an account", "", "sign-up.jte", Map.of("fields", fields));
    }

    private Response signUp(Visit visit) {
        String typed = visit.form().text("mail");
        String password = visit.form().raw("password");
        Optional<String> mail = MailAddress.read(typed);
        Fields fields = Fields.typed("mail", typed);
        if (mail.isEmpty()) {
            fields = fields.fault("mail", "This is not a mail address. It looks like you@company.com.");
        }
        Optional<String> fault = Passwords.fault(password, mail.orElse(typed));
        if (fault.isPresent()) {
            fields = fields.fault("password", fault.get());
        }
        if (!fields.ok() || mail.isEmpty()) {
            return signUpForm(visit, fields, 422);
        }
        Duration wait = accounts.signUp(mail.get(), password, visit.browser());
        if (!wait.isZero()) {
            return refused(signUpForm(visit, fields.fault("mail", tooMany(wait)), 429), wait);
        }
        return look(visit, mail.get(), "Confirm your address", "We sent a link to");
    }

    private Response look(Visit visit, String mail, String title, String what) {
        Map<String, Object> values = new HashMap<>();
        values.put("mail", mail);
        values.put("what", what);
        values.put("mailbox", settings.mailbox());
        return pages.page(visit, title, "", "look-in-mail.jte", values);
    }

    private Response signInForm(Visit visit, Fields fields, int status, String notice) {
        if (visit.session() != null) {
            return Response.seeOther("/");
        }
        Map<String, Object> values = new HashMap<>();
        values.put("fields", fields);
        values.put(
                "to",
                Return.path(
                        visit.form().text("to").isEmpty()
                                ? visit.request().parameter("to").orElse("/")
                                : visit.form().text("to")));
        values.put(
                "notice",
                notice.isEmpty()
                        ? switch (visit.request().parameter("after").orElse("")) {
                            case "verified" -> "Your address is confirmed. Sign in to go on.";
                            case "reset" ->
                                "Your password is changed, and every device is signed out. Sign in with the new one.";
                            case "deleted" -> "Your account and what it held on you are deleted.";
                            default -> "";
                        }
                        : notice);
        return pages.page(status, visit, "Sign in", "", "sign-in.jte", values);
    }

    private Response signIn(Visit visit) {
        String typed = visit.form().text("mail");
        Fields fields = Fields.typed("mail", typed);
        String mail = MailAddress.read(typed).orElse("nobody");
        return switch (accounts.signIn(mail, visit.form().raw("password"), visit.browser())) {
            case SignIn.Welcome(String token) ->
                site.known(
                        site.signedIn(Response.seeOther(Return.path(visit.form().text("to"))), token),
                        accounts.deviceMark(mail));
            case SignIn.NotVerified() ->
                look(visit, mail, "Confirm your address", "The address is not confirmed yet. We sent a link to");
            case SignIn.Wrong() ->
                signInForm(visit, fields.fault("password", "Mail address and password do not fit together."), 422, "");
            case SignIn.TooMany(Duration wait) ->
                refused(
                        signInForm(
                                visit,
                                fields.fault(
                                        "password",
                                        tooMany(wait) + " A device on which you have signed in before gets in, and so"
                                                + " does a link to choose another password."),
                                429,
                                ""),
                        wait);
        };
    }

    private Response signOut(Visit visit) {
        accounts.endSession(visit.person().person(), visit.person().id());
        return site.signedOut(Response.seeOther("/sign-in"));
    }

    private Response verifyForm(Visit visit) {
        // a GET changes nothing: mail scanners follow links
        boolean works = accounts.linkWorks(visit.request().pathParameter("token"), MailLink.Purpose.VERIFY);
        return pages.page(
                works ? 200 : 410,
                visit,
                "Confirm your address",
                "",
                "verify.jte",
                Map.of("works", works, "token", visit.request().pathParameter("token")));
    }

    private Response verify(Visit visit) {
        String token = visit.request().pathParameter("token");
        return switch (accounts.verify(token, visit.browser())) {
            case Verified.SignedIn(String session, String mail) ->
                site.known(site.signedIn(Response.seeOther("/start"), session), accounts.deviceMark(mail));
            case Verified.SignInNow() -> Response.seeOther("/sign-in?after=verified");
            case Verified.Stale() -> verifyForm(visit);
        };
    }

    private Response forgotForm(Visit visit, Fields fields) {
        return forgotForm(visit, fields, fields.ok() ? 200 : 422);
    }

    private Response forgotForm(Visit visit, Fields fields, int status) {
        return pages.page(status, visit, "Forgot the password", "", "forgot.jte", Map.of("fields", fields));
    }

    private Response forgot(Visit visit) {
        String typed = visit.form().text("mail");
        Optional<String> mail = MailAddress.read(typed);
        if (mail.isEmpty()) {
            return forgotForm(
                    visit,
                    Fields.typed("mail", typed)
                            .fault("mail", "This is not a mail address. It looks like you@company.com."));
        }
        Duration wait = accounts.forgot(mail.get(), visit.browser());
        if (!wait.isZero()) {
            return refused(forgotForm(visit, Fields.typed("mail", typed).fault("mail", tooMany(wait)), 429), wait);
        }
        return look(visit, mail.get(), "Look into your mail", "If there is an account, a link is on its way to");
    }

    private Response resetForm(Visit visit, Fields fields) {
        String token = visit.request().pathParameter("token");
        boolean works = accounts.linkWorks(token, MailLink.Purpose.RESET);
        return pages.page(
                !works ? 410 : fields.ok() ? 200 : 422,
                visit,
                "Choose another password",
                "",
                "reset.jte",
                Map.of("works", works, "token", token, "fields", fields));
    }

    private Response reset(Visit visit) {
        String password = visit.form().raw("password");
        Optional<String> fault = Passwords.fault(password, "");
        if (fault.isPresent()) {
            return resetForm(visit, Fields.empty().fault("password", fault.get()));
        }
        return accounts.reset(visit.request().pathParameter("token"), password)
                .map(mark -> site.known(site.signedOut(Response.seeOther("/sign-in?after=reset")), mark))
                .orElseGet(() -> resetForm(visit, Fields.empty()));
    }
}
