package dev.gatehouse.bench.portal;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long each page takes, by the server and to its first paint, and what it weighs on an empty cache. */
final class PageTimes {
    /** What somebody sees who is not signed in. */
    private static final Set<String> STRANGERS = Set.of("/sign-in", "/sign-up", "/forgot");

    static final List<String> PAGES = List.of(
            "/sign-up",
            "/sign-in",
            "/forgot",
            "/",
            "/keys",
            "/keys/new",
            "/usage",
            "/webhooks",
            "/webhooks/new",
            "/billing",
            "/plan/growth",
            "/budget",
            "/team",
            "/audit",
            "/devices",
            "/account",
            "/organisation",
            "/organisations",
            "/reference",
            "/reference/operations/searchListings",
            "/docs",
            "/docs/limits");

    static final List<String> SIGNED_IN =
            PAGES.stream().filter(page -> !STRANGERS.contains(page)).toList();

    /** Visits with an empty cache, of which the median is taken. */
    private static final int VISITS = 3;

    private static final int WARM_UP = 20;
    private static final Pattern TOKEN = Pattern.compile("name=\"formToken\" value=\"([^\"]+)\"");
    private static final Pattern BROWSER = Pattern.compile("gatehouse_browser=[^;]+");

    /** @param kilobytes over the wire, heads included, with style and scripts, on an empty cache */
    record Figure(String page, double p50, double p95, double paint, double kilobytes) {}

    /** A form that hashes a password. */
    record Post(String what, int count, double p50, double p95, double slowest) {}

    private PageTimes() {}

    static List<Figure> measure(String portal, String cookies, Browser chromium, String state, int fetches)
            throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (String path : PAGES) {
                boolean stranger = STRANGERS.contains(path);
                double[] times = new double[fetches];
                for (int i = -WARM_UP; i < fetches; i++) {
                    double took = fetch(http, URI.create(portal + path), stranger ? "" : cookies);
                    if (i >= 0) {
                        times[i] = took;
                    }
                }
                Arrays.sort(times);
                double[] paints = new double[VISITS];
                double[] bytes = new double[VISITS];
                for (int i = 0; i < VISITS; i++) {
                    // a context of its own each time: nothing of the pages is in its cache
                    Browser.NewContextOptions options = new Browser.NewContextOptions();
                    try (BrowserContext context =
                            chromium.newContext(stranger ? options : options.setStorageState(state))) {
                        Page page = context.newPage();
                        page.setDefaultTimeout(60_000);
                        page.navigate(portal + path);
                        page.waitForFunction("() => performance.getEntriesByName('first-contentful-paint').length > 0");
                        paints[i] = number(page, "performance.getEntriesByName('first-contentful-paint')[0].startTime");
                        bytes[i] = number(
                                page,
                                "[...performance.getEntriesByType('navigation'),"
                                        + " ...performance.getEntriesByType('resource')]"
                                        + ".reduce((sum, e) => sum + e.transferSize, 0)");
                    }
                }
                Arrays.sort(paints);
                Arrays.sort(bytes);
                figures.add(new Figure(
                        path, at(times, 0.5), at(times, 0.95), paints[VISITS / 2], bytes[VISITS / 2] / 1_024));
            }
        }
        return figures;
    }

    /**
     * Sign-in with the right password and for an address that nobody has, and sign-up.
     *
     * @param count of each; together with what came before they must stay below the portal's limit of 60 in ten minutes
     */
    static List<Post> posts(String portal, String mail, String password, int count)
            throws IOException, InterruptedException {
        double[] known = new double[count];
        double[] unknown = new double[count];
        double[] fresh = new double[count];
        for (int i = 0; i < count; i++) {
            known[i] = post(portal, "/sign-in", mail, password, 303);
            unknown[i] = post(portal, "/sign-in", "nobody" + i + "@example.com", password, 422);
            fresh[i] = post(portal, "/sign-up", "new" + i + "@example.com", password, 200);
        }
        return List.of(
                summed("POST /sign-in, the right password", known),
                summed("POST /sign-in, an address that nobody has", unknown),
                summed("POST /sign-up", fresh));
    }

    private static Post summed(String what, double[] times) {
        Arrays.sort(times);
        return new Post(what, times.length, at(times, 0.5), at(times, 0.95), times[times.length - 1]);
    }

    private static double post(String portal, String path, String mail, String password, int expected)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> form = http.send(
                    HttpRequest.newBuilder(URI.create(portal + path)).build(), HttpResponse.BodyHandlers.ofString());
            Matcher token = TOKEN.matcher(form.body());
            Matcher browser = BROWSER.matcher(String.join(" ", form.headers().allValues("Set-Cookie")));
            if (!token.find() || !browser.find()) {
                throw new IOException(path + " shows no form");
            }
            HttpRequest request = HttpRequest.newBuilder(URI.create(portal + path))
                    .header("Cookie", browser.group())
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("formToken=" + encoded(token.group(1)) + "&mail="
                            + encoded(mail) + "&password=" + encoded(password)))
                    .build();
            long begun = System.nanoTime();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            double took = (System.nanoTime() - begun) / 1e6;
            if (answer.statusCode() != expected) {
                throw new IOException("POST " + path + " of " + mail + " is answered " + answer.statusCode());
            }
            return took;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static double fetch(HttpClient http, URI uri, String cookies) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (!cookies.isEmpty()) {
            request.header("Cookie", cookies);
        }
        long begun = System.nanoTime();
        HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        double took = (System.nanoTime() - begun) / 1e6;
        if (answer.statusCode() != 200) {
            throw new IOException(uri + " is answered " + answer.statusCode());
        }
        return took;
    }

    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.floor(sorted.length * share))];
    }

    private static double number(Page page, String expression) {
        return ((Number) page.evaluate(expression)).doubleValue();
    }

    static String table(List<Figure> figures) {
        StringBuilder out = new StringBuilder(
                "| page | server p50 ms | p95 ms | first contentful paint ms | over the wire KB |\n|---|---|---|---|---|\n");
        for (Figure figure : figures) {
            out.append(String.format(
                    Locale.ROOT,
                    "| `%s` | %.1f | %.1f | %.0f | %.0f |%n",
                    figure.page(),
                    figure.p50(),
                    figure.p95(),
                    figure.paint(),
                    figure.kilobytes()));
        }
        return out.toString();
    }

    static String postsTable(List<Post> posts) {
        StringBuilder out =
                new StringBuilder("| form | times | p50 ms | p95 ms | slowest ms |\n|---|---|---|---|---|\n");
        for (Post post : posts) {
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %.0f | %.0f | %.0f |%n",
                    post.what(),
                    post.count(),
                    post.p50(),
                    post.p95(),
                    post.slowest()));
        }
        return out.toString();
    }
}
