package dev.gatehouse.bench.portal;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.AxeResults;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What axe says of each page, in light and dark. */
final class Axe {
    /** @param incomplete rules that axe leaves to a person */
    record Finding(String page, String scheme, int passed, List<String> violations, List<String> incomplete) {}

    private Axe() {}

    static List<Finding> look(String portal, Browser chromium, String state) {
        List<Finding> findings = new ArrayList<>();
        try (BrowserContext context = chromium.newContext(new Browser.NewContextOptions().setStorageState(state))) {
            Page page = context.newPage();
            page.setDefaultTimeout(120_000);
            for (String path : PageTimes.PAGES) {
                for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                    page.navigate(portal + path);
                    AxeResults results = new AxeBuilder(page).analyze();
                    findings.add(new Finding(
                            path,
                            scheme.name().toLowerCase(Locale.ROOT),
                            results.getPasses().size(),
                            ids(results.getViolations()),
                            ids(results.getIncomplete())));
                }
            }
        }
        return findings;
    }

    private static List<String> ids(List<Rule> rules) {
        return rules.stream().map(Rule::getId).toList();
    }

    static String table(List<Finding> findings) {
        StringBuilder out = new StringBuilder(
                "| page | scheme | rules passed | violations | left to a person |\n|---|---|---|---|---|\n");
        for (Finding finding : findings) {
            out.append(String.format(
                    Locale.ROOT,
                    "| `%s` | %s | %d | %s | %s |%n",
                    finding.page(),
                    finding.scheme(),
                    finding.passed(),
                    words(finding.violations()),
                    words(finding.incomplete())));
        }
        return out.toString();
    }

    private static String words(List<String> rules) {
        return rules.isEmpty() ? "0" : rules.stream().collect(Collectors.joining(", "));
    }
}
