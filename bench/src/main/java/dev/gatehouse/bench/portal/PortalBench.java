package dev.gatehouse.bench.portal;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import dev.gatehouse.bench.Machine;
import dev.gatehouse.runtime.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code bench portal}: the time to a first call as a stranger makes it, each page's times and weight, and what 200 browsers
 * cost the gateway's p99 when the gateway is a process of its own.
 */
public final class PortalBench {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    /** Of each form that hashes: below the portal's limit of 60 tries in ten minutes. */
    private static final int POSTS = 15;

    private PortalBench() {}

    /** @param arguments {@code --fetches=N --rounds=N --seconds=N --browsers=N --rate=N --record=yes|no} */
    public static void run(Path root, List<String> arguments) throws Exception {
        // before anything logs: the queue's server would write down its every step
        System.setProperty("logback.configurationFile", "dev/gatehouse/bench/measured-logback.xml");
        int fetches = 100;
        int rounds = 5;
        int seconds = 12;
        int browsers = 200;
        int rate = 200;
        boolean record = true;
        for (String argument : arguments) {
            String value = argument.substring(argument.indexOf('=') + 1);
            switch (argument.substring(0, Math.max(0, argument.indexOf('=')))) {
                case "--fetches" -> fetches = Integer.parseInt(value);
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--browsers" -> browsers = Integer.parseInt(value);
                case "--rate" -> rate = Integer.parseInt(value);
                case "--record" -> record = value.equals("yes");
                default ->
                    throw new IllegalArgumentException(
                            argument
                                    + " is not known: --fetches=N --rounds=N --seconds=N --browsers=N --rate=N --record=yes|no");
            }
        }
        if (!Files.isExecutable(CHROMIUM)) {
            System.err.println("bench portal needs a browser: apt-get install chromium");
            System.exit(1);
        }
        try (SplitInstallation installation = new SplitInstallation(root);
                Playwright playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser chromium = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(CHROMIUM)
                                .setArgs(List.of("--no-sandbox")));
                BrowserContext context = chromium.newContext()) {
            context.setDefaultTimeout(120_000);
            Page page = context.newPage();
            String mail = "mia@example.com";
            List<FirstCall.Step> steps = new FirstCall(page, installation).run(mail);
            System.err.println(FirstCall.table(steps));
            String state = context.storageState();
            Machine.awaitRest();
            List<PageTimes.Figure> pages = PageTimes.measure(
                    installation.portal,
                    Sessions.of(installation.database, mail, 1).getFirst(),
                    chromium,
                    state,
                    fetches);
            System.err.println(PageTimes.table(pages));
            List<PageTimes.Post> posts = PageTimes.posts(installation.portal, mail, FirstCall.PASSWORD, POSTS);
            System.err.println(PageTimes.postsTable(posts));
            List<Axe.Finding> axe = Axe.look(installation.portal, chromium, state);
            System.err.println(Axe.table(axe));
            page.close();
            List<Browsing.Round> browsing = new Browsing(
                            installation, Sessions.of(installation.database, mail, browsers), seconds, rate)
                    .run(rounds);
            Figures figures = new Figures(steps, pages, posts, axe, browsing);
            String report = report(figures, browsers, rate, seconds);
            System.out.println(report);
            if (record) {
                write(root.resolve("bench/results"), report, figures);
            }
        }
    }

    /** All that one run measures. */
    private record Figures(
            List<FirstCall.Step> steps,
            List<PageTimes.Figure> pages,
            List<PageTimes.Post> posts,
            List<Axe.Finding> axe,
            List<Browsing.Round> browsing) {}

    private static String report(Figures figures, int browsers, int rate, int seconds) {
        StringBuilder out = new StringBuilder("# The portal\n\n");
        out.append(LocalDate.now(ZoneOffset.UTC))
                .append(
                        ". Gateway in a process of its own, everything on one machine: `./gatehouse bench portal`.\n\n");
        Machine.facts()
                .forEach((what, value) ->
                        out.append("- ").append(what).append(": ").append(value).append('\n'));
        out.append("\n## Time to a first call\n\n");
        out.append(
                "In Chromium, from the portal's printed address to the page that lights up. The run's own time is the sum of"
                        + " the waits; a person's adds each key (0.28 s), pointing and click (1.3 s), change between keyboard and mouse"
                        + " (0.4 s) and moment of thought (1.35 s) of the keystroke-level model. Goal: a person's below 60 s.\n\n");
        out.append(FirstCall.table(figures.steps()));
        out.append(
                "\n## Pages\n\nServer time is measured by a client on the same machine, one request at a time, when the work of"
                        + " the first start is over and after 20 requests of the page; weight and paint by the browser, on an empty cache, the median of three visits."
                        + " Goals: p95 below 30 ms, paint below 500 ms, weight below 300 KB.\n\n");
        out.append(PageTimes.table(figures.pages()));
        out.append("\n## Forms that hash a password\n\nGoal: below 500 ms.\n\n");
        out.append(PageTimes.postsTable(figures.posts()));
        out.append("\n## Browsing beside calls\n\n")
                .append(rate)
                .append(" calls a second for ")
                .append(seconds)
                .append(" s a round; \"with\" means ")
                .append(browsers)
                .append(
                        " browsers, each with a session of its own in one organisation, that read a page every 1 to 5 s. Calls,"
                                + " browsers, both processes and the engines share the machine's cores. Goal: the gateway's p99 moves by"
                                + " at most 10 %.\n\n");
        out.append(Browsing.table(figures.browsing()));
        out.append("\n## Accessibility\n\naxe-core on every page, all its rules. Goal: no violation.\n\n");
        return out.append(Axe.table(figures.axe())).toString();
    }

    private static void write(Path results, String report, Figures figures) throws Exception {
        Files.createDirectories(results);
        Files.writeString(results.resolve("portal.md"), report);
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        raw.put("machine", Machine.facts());
        raw.put("firstCallRunSeconds", FirstCall.waits(figures.steps()));
        raw.put("firstCallPersonSeconds", FirstCall.person(figures.steps()));
        raw.put("figures", figures);
        Files.write(
                results.resolve("portal.json"),
                Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(raw));
    }
}
