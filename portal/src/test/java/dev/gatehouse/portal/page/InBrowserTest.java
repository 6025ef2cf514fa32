package dev.gatehouse.portal.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.usage.AdmissionRecord;
import dev.gatehouse.kernel.usage.RefusedCall;
import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.sandbox.LargeDescription;
import dev.gatehouse.portal.sandbox.Sandbox;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.webhooks.NewEndpoint;
import dev.gatehouse.webhooks.Webhooks;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("In a real browser")
final class InBrowserTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Set<String> SCALARS_OWN = Set.of(
            "aria-allowed-attr",
            "aria-allowed-role",
            "aria-required-children",
            "button-name",
            "color-contrast",
            "heading-order",
            "landmark-main-is-top-level",
            "landmark-no-duplicate-main",
            "landmark-unique",
            "list",
            "listitem",
            "page-has-heading-one");
    private static Sandbox sandbox;
    private static Playwright playwright;
    private static Browser chromium;

    @BeforeAll
    static void start() throws Exception {
        if (!Files.isExecutable(CHROMIUM)) {
            System.out.println("Left out: the portal's tests in a browser. Add them with: apt-get install chromium");
        }
        Assumptions.assumeTrue(Files.isExecutable(CHROMIUM), "Chromium is missing: apt-get install chromium");
        sandbox = new Sandbox(CLOCK);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of("--no-sandbox")));
    }

    @AfterAll
    static void stop() {
        if (playwright != null) {
            playwright.close();
        }
        if (sandbox != null) {
            sandbox.close();
        }
    }

    @Test
    @DisplayName(
            "a stranger goes from sign-up to a lit first call; every page is clean for axe, asks nobody else, logs no error")
    void path() {
        BrowserContext context = chromium.newContext(new Browser.NewContextOptions()
                .setColorScheme(ColorScheme.LIGHT)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setViewportSize(1280, 900));
        // a busy machine must not fail it
        context.setDefaultTimeout(180_000);
        Page page = context.newPage();
        List<String> complaints = new ArrayList<>();
        page.onConsoleMessage(message -> {
            // a form that comes back with faults is a 422, which Chromium logs as an error
            if (message.type().equals("error")
                    && !message.text().contains("422")
                    && !message.text().contains("404")) {
                complaints.add(page.url() + ": " + message.text());
            }
        });
        page.onRequest(request -> {
            if (!request.url().startsWith(sandbox.portal.uri().toString())
                    && !request.url().startsWith("data:")) {
                complaints.add("asks a third party: " + request.url());
            }
        });
        List<String> findings = new ArrayList<>();

        open(page, "/sign-up");
        look(page, "sign-up", findings);
        page.fill("#mail", "mia@example.com");
        page.fill("#password", "short");
        page.click("text=Create account");
        page.waitForSelector(".fault");
        look(page, "sign-up-fault", findings);
        page.fill("#password", "correct staple horse");
        page.click("text=Create account");
        page.waitForSelector("text=Open it in this browser");
        open(page, sandbox.linkTo("mia@example.com"));
        look(page, "verify", findings);
        page.click("text=Confirm and go on");
        page.fill("#name", "Maumee Homes");
        look(page, "start", findings);
        page.click("text=Create it and its first key");
        page.waitForSelector("#key");
        assertThat(page.textContent("#code-curl")).contains(page.textContent("#key"));
        look(page, "first-key", findings);
        Organisation made = sandbox.organisations.all().getFirst();
        sandbox.usage.call(
                made.id(), sandbox.organisations.keys(made.id()).getFirst().id(), "listListings", 200, CLOCK.instant());
        page.waitForSelector(".wait.lit");
        look(page, "first-call", findings);

        sandbox.calls("Maumee Homes", 400, CLOCK.instant());
        String month = YearMonth.now(ZoneOffset.UTC).toString();
        String key = sandbox.organisations.keys(made.id()).getFirst().id().value();
        String request =
                sandbox.usage.lastCalls(made.id(), 1).getFirst().event().requestId();
        Map<String, String> rest = new java.util.LinkedHashMap<>();
        rest.put("home", "/");
        rest.put("keys", "/keys");
        rest.put("key-new", "/keys/new");
        rest.put("key", "/keys/" + key);
        rest.put("key-revoke", "/keys/" + key + "/revoke");
        rest.put("usage", "/usage");
        rest.put("why", "/usage/calls/" + request);
        RefusedCall out = refused(made);
        sandbox.refused.calls.add(out);
        rest.put("why-refused", "/usage/calls/" + out.requestId());
        rest.put("why-not", "/usage/calls/req_unknown");
        Webhooks webhooks = sandbox.webhooks.webhooks();
        String endpoint = webhooks.create(made.id(), NewEndpoint.of(sandbox.gateway.uri() + "/hooks"))
                .endpoint()
                .id();
        String delivery =
                webhooks.sendTest(made.id(), endpoint, "listing.created").id();
        rest.put("webhooks", "/webhooks");
        rest.put("webhook-new", "/webhooks/new");
        rest.put("webhook", "/webhooks/" + endpoint);
        rest.put("webhook-secret", "/webhooks/" + endpoint + "/secret");
        rest.put("webhook-delete", "/webhooks/" + endpoint + "/delete");
        rest.put("delivery", "/webhooks/deliveries/" + delivery);
        rest.put("account", "/account");
        rest.put("account-delete", "/account/delete");
        rest.put("organisation", "/organisation");
        rest.put("organisation-delete", "/organisation/delete");
        rest.put("organisation-leave", "/organisation/leave");
        rest.put("organisations", "/organisations");
        rest.put("another", "/start?another");
        rest.put("reference", "/reference");
        rest.put("operation", "/reference/operations/getUsage");
        rest.put("operation-body", "/reference/operations/createWebhookEndpoint");
        rest.put("docs-search", "/docs?q=retry");
        rest.put("nothing", "/nothing-here");
        rest.put("billing", "/billing");
        rest.put("plan", "/plan/growth");
        rest.put("budget", "/budget");
        rest.put("invoice", "/billing/" + month);
        rest.put("line", "/billing/" + month + "/lines/2");
        rest.put("line-calls", "/billing/" + month + "/lines/2/calls");
        rest.put("team", "/team");
        rest.put("audit", "/audit");
        rest.put("devices", "/devices");
        rest.put("docs", "/docs");
        rest.put("docs-limits", "/docs/limits");
        rest.put("docs-errors", "/docs/errors");
        for (Map.Entry<String, String> entry : rest.entrySet()) {
            open(page, entry.getValue());
            if (entry.getKey().equals("usage")) {
                page.waitForSelector(
                        "#graph canvas", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.ATTACHED));
            }
            if (entry.getKey().equals("operation")) {
                page.click("#try button");
                page.waitForSelector("#answer .gauge");
                assertThat(page.textContent("#answer")).contains("842 of 1,000 left", "41 of 60 left");
            }
            look(page, entry.getKey(), findings);
        }
        open(page, "/reference/scalar");
        page.waitForSelector("text=Your endpoints");
        scalar(page);
        context.close();
        assertThat(findings).isEmpty();
        assertThat(complaints).isEmpty();
    }

    @Test
    @DisplayName("a description of 1 MB is usable within 1 s: its list, a search in it and one of its operations")
    void large() throws Exception {
        try (Sandbox own = new Sandbox(
                        CLOCK, DatabaseUrl.parse(EnginesForTests.newDatabase()), LargeDescription.of(1 << 20));
                BrowserContext context = chromium.newContext()) {
            Page page = context.newPage();
            page.setDefaultTimeout(180_000);
            List<Double> large = new ArrayList<>();
            List<Double> small = new ArrayList<>();
            // the first round warms both up
            for (int i = 0; i < 4; i++) {
                small.add(looksUp(page, sandbox, "usage", "Usage"));
                large.add(looksUp(page, own, "kind 77", "List the things of kind 77"));
            }
            double best = large.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
            double yardstick =
                    small.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
            System.out.println("Seconds to open the reference, search it and open an operation: 1 MB " + large
                    + ", the services' own " + small);
            assertThat(best / yardstick).as("%s against %s", large, small).isLessThan(4);
            double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
            // on a machine that does other things a second measures those
            if (load < Runtime.getRuntime().availableProcessors()) {
                assertThat(best).as("at a load of %s", load).isLessThan(1);
            }
        }
    }

    /** Seconds from the reference's address to the page of an operation that was searched for. */
    private static double looksUp(Page page, Sandbox in, String question, String operation) {
        long begun = System.nanoTime();
        page.navigate(in.portal.uri().resolve("/reference").toString());
        page.fill("#q", question);
        page.press("#q", "Enter");
        page.waitForURL("**/reference?q=*");
        page.click(".operations a:has-text('" + operation + "')");
        page.waitForURL("**/reference/operations/*");
        page.waitForSelector("h1");
        return (System.nanoTime() - begun) / 1e9;
    }

    private static RefusedCall refused(Organisation organisation) {
        return new RefusedCall(
                organisation.id(),
                sandbox.organisations.keys(organisation.id()).getFirst().id(),
                CLOCK.instant(),
                PrefixedId.next("req", CLOCK),
                null,
                "rate_limited",
                429,
                "The call costs 1 and the burst bucket of 60 units holds 0; 60 flow back each minute. Wait 1 s.",
                "GET",
                "/v2/listings",
                "searchListings",
                1,
                1,
                organisation.limits(),
                new AdmissionRecord(400, 400, 812, 812, false));
    }

    private static void open(Page page, String path) {
        page.navigate(sandbox.portal.uri().resolve(path).toString());
    }

    /** What axe finds inside Scalar's own element, rule by rule: pinned, so that a newer Scalar cannot bring more unseen. */
    private static void scalar(Page page) {
        assertThat(new AxeBuilder(page)
                        .analyze().getViolations().stream().map(Rule::getId).collect(Collectors.toSet()))
                .isSubsetOf(SCALARS_OWN);
        assertThat(new AxeBuilder(page).exclude(List.of("#explorer")).analyze().getViolations())
                .isEmpty();
    }

    /** Runs axe in light and dark, finds pages that are wider than a phone, and keeps pictures when a folder is named. */
    private static void look(Page page, String name, List<String> findings) {
        String folder = System.getProperty("gatehouse.screenshots", "");
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            AxeBuilder axe = new AxeBuilder(page);
            // dark differs from light in nothing but its colours
            (scheme == ColorScheme.DARK ? axe.withRules(List.of("color-contrast")) : axe)
                    .analyze()
                    .getViolations()
                    .forEach(violation -> findings.add(name + " " + scheme + ": " + violation.getId() + " "
                            + violation.getNodes().getFirst().getHtml()));
            for (int width : new int[] {390, 1280, 1920}) {
                page.setViewportSize(width, 900);
                int over = (int) page.evaluate("document.documentElement.scrollWidth - innerWidth");
                if (over > 0) {
                    findings.add(name + ": " + over + " px wider than " + width);
                }
                if (!folder.isEmpty()) {
                    page.screenshot(new Page.ScreenshotOptions()
                            .setFullPage(true)
                            .setPath(Path.of(
                                    folder,
                                    name + "-" + width + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT)
                                            + ".png")));
                }
            }
            page.setViewportSize(1280, 900);
        }
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    }
}
