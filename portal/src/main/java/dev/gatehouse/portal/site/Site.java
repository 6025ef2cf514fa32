package dev.gatehouse.portal.site;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.Organisations;
import dev.gatehouse.portal.account.Accounts;
import dev.gatehouse.portal.account.Session;
import dev.gatehouse.portal.account.Tokens;
import dev.gatehouse.portal.team.Member;
import dev.gatehouse.portal.team.TeamStore;
import dev.gatehouse.runtime.http.Endpoint;
import dev.gatehouse.runtime.http.Request;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.UriText;
import dev.gatehouse.runtime.sql.Database;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table of pages, and the gate in front of them: who asks, whether they may, whether a form is one of ours. A page is
 * reached only through here.
 */
public final class Site implements Endpoint {
    static final String SESSION = "gatehouse_session";
    static final String BROWSER = "gatehouse_browser";
    static final String ORGANISATION = "gatehouse_organisation";
    static final String DEVICE = "gatehouse_device";

    private static final int DEVICE_LIFE = 180 * 24 * 3_600;
    private static final int LIFE = 14 * 24 * 3_600;

    private static final Logger LOG = LoggerFactory.getLogger(Site.class);
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
                    + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final Map<String, String> HEADS = Map.of(
            "Content-Security-Policy", POLICY,
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cache-Control", "no-store");

    private final Accounts accounts;
    private final TeamStore teams;
    private final Organisations organisations;
    private final Pages pages;
    private final FormTokens tokens;
    private final String cookieRights;
    private final Router router = new Router();
    private final List<Route> routes = new ArrayList<>();

    public Site(Accounts accounts, TeamStore teams, Organisations organisations, Pages pages, Cookies cookies) {
        this.accounts = accounts;
        this.teams = teams;
        this.organisations = organisations;
        this.pages = pages;
        this.tokens = new FormTokens(cookies.formKey());
        this.cookieRights = "; Path=/; HttpOnly; SameSite=Lax" + (cookies.secure() ? "; Secure" : "");
        router.get("/assets/{mark}/{name}", pages.assets()::serve);
    }

    /**
     * How cookies are made.
     *
     * @param formKey 32 bytes that form tokens are made with
     * @param secure whether they travel over TLS only
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Cookies(byte[] formKey, boolean secure) {}

    public Site get(String template, Access access, Page page) {
        return add(new Route("GET", template, access, Route.Proof.NONE, page));
    }

    public Site post(String template, Access access, Page page) {
        return add(new Route("POST", template, access, Route.Proof.FORM, page));
    }

    /**
     * A call of a script of ours, in any method. It proves itself by the browser's word that it comes from one of our own
     * pages, which no other site can forge, instead of by a form's token.
     *
     * @see <a href="https://www.w3.org/TR/fetch-metadata/">Fetch Metadata</a>
     */
    public Site fetched(String template, Access access, Page page) {
        for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
            add(new Route(method, template, access, Route.Proof.FETCH, page));
        }
        return this;
    }

    private Site add(Route route) {
        routes.add(route);
        router.on(route.method(), route.template(), request -> gate(route, request));
        return this;
    }

    /** The table. */
    public List<Route> routes() {
        return List.copyOf(routes);
    }

    /** The cookie that a browser is signed in with from now on. */
    public Response signedIn(Response response, String token) {
        return response.with("Set-Cookie", SESSION + "=" + token + "; Max-Age=" + LIFE + cookieRights);
    }

    /** The cookie that says that somebody has signed in with this browser; it signs nobody in. */
    public Response known(Response response, String mark) {
        return response.with("Set-Cookie", DEVICE + "=" + mark + "; Max-Age=" + DEVICE_LIFE + cookieRights);
    }

    /** Which of their organisations this browser shows from now on. */
    public Response opened(Response response, TenantId organisation) {
        return response.with(
                "Set-Cookie", ORGANISATION + "=" + organisation.value() + "; Max-Age=" + LIFE + cookieRights);
    }

    /** Takes the session's cookie away, and the browser's, so that nothing of before is left. */
    public Response signedOut(Response response) {
        return response.with("Set-Cookie", SESSION + "=; Max-Age=0" + cookieRights)
                .with("Set-Cookie", BROWSER + "=; Max-Age=0" + cookieRights);
    }

    @Override
    public Response handle(Request request) {
        Response response;
        try {
            response = router.handle(request);
        } catch (ProblemException e) {
            response = pages.problem(e.problem().withRequestId(request.id()));
        } catch (Exception e) {
            if (Database.isAway(e) || Database.isBusy(e)) {
                LOG.warn("The portal cannot reach its database: {} {}", request.method(), request.path());
                response = pages.unavailable(request.id());
            } else {
                LOG.error("The portal failed on {} {}", request.method(), request.path(), e);
                response = pages.failed(request.id());
            }
        }
        Response safe = response;
        for (Map.Entry<String, String> header : HEADS.entrySet()) {
            if (safe.headers().stream().noneMatch(sent -> sent.getKey().equalsIgnoreCase(header.getKey()))) {
                safe = safe.with(header.getKey(), header.getValue());
            }
        }
        return safe.headers().stream().anyMatch(sent -> sent.getKey().equalsIgnoreCase("X-Request-ID"))
                ? safe
                : safe.with("X-Request-ID", request.id());
    }

    private Response gate(Route route, Request request) throws Exception {
        String sent = cookie(request, BROWSER);
        String browser = sent.length() == 43 ? sent : Tokens.next();
        String token = cookie(request, SESSION);
        Accounts.Signed signed =
                token.isEmpty() ? null : accounts.session(token).orElse(null);
        Session session = signed == null ? null : signed.session();
        // bound to the session while there is one: a form of before signing in is worth nothing after it
        String binding = session == null ? browser : session.id();
        Form form = new Form(Map.of());
        if (route.proof() == Route.Proof.FORM) {
            form = new Form(UriText.query(new String(request.bytes(), StandardCharsets.UTF_8)));
            if (fromElsewhere(request) || !tokens.holds(form.raw("formToken"), session == null ? sent : binding)) {
                return pages.staleForm(request.id());
            }
        }
        if (route.proof() == Route.Proof.FETCH && !fetchedByUs(request)) {
            throw new ProblemException(
                    ProblemCode.REFUSED,
                    "This address answers the portal’s own pages only. Open the reference and try from there.");
        }
        Member member = session == null ? null : membership(session, cookie(request, ORGANISATION));
        Organisation organisation =
                member == null ? null : organisations.find(member.tenant()).orElse(null);
        Visit visit = new Visit(request, browser, tokens.of(binding), session, member, organisation, form);
        Response response = refusal(route, visit);
        if (response == null) {
            response = route.page().show(visit);
        }
        if (signed != null && signed.nextToken() != null && !setsSession(response)) {
            response = signedIn(response, signed.nextToken());
        }
        return browser.equals(sent)
                ? response
                : response.with("Set-Cookie", BROWSER + "=" + browser + "; Max-Age=86400" + cookieRights);
    }

    /** The organisation that the browser has chosen, if the person still belongs to it; else the first that they joined. */
    private @Nullable Member membership(Session session, String chosen) {
        List<Member> memberships = teams.memberships(session.person());
        return memberships.stream()
                .filter(member -> member.tenant().value().equals(chosen))
                .findFirst()
                .or(() -> memberships.stream().findFirst())
                .orElse(null);
    }

    private static boolean setsSession(Response response) {
        return response.headers().stream()
                .anyMatch(header -> header.getKey().equals("Set-Cookie")
                        && header.getValue().startsWith(SESSION + "="));
    }

    private static boolean fetchedByUs(Request request) {
        return request.header("sec-fetch-site").orElse("").equals("same-origin")
                && !request.header("sec-fetch-mode").orElse("navigate").equals("navigate");
    }

    private @Nullable Response refusal(Route route, Visit visit) {
        if (route.access() == Access.PUBLIC) {
            return null;
        }
        if (visit.session() == null) {
            return Response.seeOther(Return.signIn(visit.request()));
        }
        if (route.access() == Access.PERSON) {
            return null;
        }
        if (visit.organisation() == null) {
            return Response.seeOther("/start");
        }
        if (!route.access().allows(visit.member().role())) {
            throw new ProblemException(
                    ProblemCode.ROLE_INSUFFICIENT,
                    "Your role here is " + visit.member().role().text() + ". Ask an owner of "
                            + visit.home().name() + " to do this, or to give you the role for it.");
        }
        return null;
    }

    private static boolean fromElsewhere(Request request) {
        String site = request.header("sec-fetch-site").orElse("same-origin");
        return site.equals("cross-site") || site.equals("same-site");
    }

    static String cookie(Request request, String name) {
        for (String header : request.headers().getOrDefault("cookie", List.of())) {
            for (String pair : header.split(";")) {
                String trimmed = pair.strip();
                if (trimmed.startsWith(name + "=")) {
                    // RFC 6265, section 4.1.1, lets a client quote a value
                    String value = trimmed.substring(name.length() + 1).replace("\"", "");
                    return value.matches("[A-Za-z0-9_-]{1,64}") ? value : "";
                }
            }
        }
        return "";
    }
}
