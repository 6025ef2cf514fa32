package dev.gatehouse.bench.portal;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How long each page takes, by the server and to its first paint, and what it weighs on an empty cache. */
final class PageTimes {
    static final List<String> PAGES = List.of(
            "/sign-in",
            "/",
            "/keys",
            "/keys/new",
            "/usage",
            "/webhooks",
            "/webhooks/new",
            "/billing",
            "/plan/growth",
            "/team",
            "/audit",
            "/account",
            "/organisation",
            "/reference",
            "/reference/operations/searchListings",
            "/docs",
            "/docs/limits");

    /** @param kilobytes over the wire, compressed, with style and scripts, on an empty cache */
    record Figure(String page, double p50, double p95, double paint, double kilobytes) {}

    private PageTimes() {}

    static List<Figure> measure(String portal, String cookies, Page page, int fetches)
            throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (String path : PAGES) {
                double[] times = new double[fetches];
                for (int i = -10; i < fetches; i++) {
                    double took = fetch(http, URI.create(portal + path), cookies);
                    if (i >= 0) {
                        times[i] = took;
                    }
                }
                Arrays.sort(times);
                page.navigate(portal + path);
                double paint = number(
                        page, "performance.getEntriesByName('first-contentful-paint').map(e => e.startTime)[0] ?? 0");
                double bytes = number(
                        page,
                        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
                                + ".reduce((sum, e) => sum + e.encodedBodySize, 0)");
                figures.add(new Figure(
                        path,
                        times[times.length / 2],
                        times[(int) Math.min(times.length - 1L, Math.floor(times.length * 0.95))],
                        paint,
                        bytes / 1_024));
            }
        }
        return figures;
    }

    static double fetch(HttpClient http, URI uri, String cookies) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(uri).header("Cookie", cookies).build();
        long begun = System.nanoTime();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        double took = (System.nanoTime() - begun) / 1e6;
        if (answer.statusCode() != 200 && answer.statusCode() != 303) {
            throw new IOException(uri + " is answered " + answer.statusCode());
        }
        return took;
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
}
