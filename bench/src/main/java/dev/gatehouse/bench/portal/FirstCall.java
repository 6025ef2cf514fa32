package dev.gatehouse.bench.portal;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A stranger's way from the portal's address to the first call that lights up the page, in a real browser. The run's own time
 * is measured; a person's is counted from the run by the keystroke-level model: each key, each pointing, each change between
 * keyboard and mouse, each moment of thought, and each wait for the system as it was measured.
 *
 * @see <a href="https://doi.org/10.1145/358886.358895">Card, Moran and Newell, The keystroke-level model, CACM 23(7), 1980</a>
 */
final class FirstCall {
    static final String PASSWORD = "correct staple horse";

    /** Seconds: a key by an average typist, a pointing, a click, a hand between keyboard and mouse, a moment of thought. */
    private static final double KEY = 0.28;

    private static final double POINT = 1.1;
    private static final double CLICK = 0.2;
    private static final double HAND = 0.4;
    private static final double THOUGHT = 1.35;

    /**
     * What a person does in a step.
     *
     * @param waited seconds that the system took
     */
    record Step(String what, int keys, int points, int hands, int thoughts, double waited) {
        double seconds() {
            return keys * KEY + points * (POINT + CLICK) + hands * HAND + thoughts * THOUGHT + waited;
        }
    }

    private final Page page;
    private final SplitInstallation installation;
    private final List<Step> steps = new ArrayList<>();
    private long mark;

    FirstCall(Page page, SplitInstallation installation) {
        this.page = page;
        this.installation = installation;
    }

    /** @return the steps, in order */
    List<Step> run(String mail) throws IOException, InterruptedException {
        String password = PASSWORD;
        mark = System.nanoTime();
        page.navigate(installation.portal);
        page.waitForSelector("text=Create an account");
        done("click the printed address", 0, 1, 0, 1);
        page.click("text=Create an account");
        page.waitForSelector("#password");
        done("choose to create an account", 0, 1, 0, 1);
        page.fill("#mail", mail);
        page.fill("#password", password);
        page.click("button:has-text('Create account')");
        page.waitForSelector("text=Open it in this browser");
        done("type mail address and password, send", mail.length() + 1 + password.length() + 1, 1, 1, 2);
        page.click("text=Open its mailbox");
        page.click("tr:has-text('" + mail + "') a");
        page.waitForSelector("pre a");
        done("open the mailbox, open the mail", 0, 2, 0, 2);
        page.click("pre a");
        page.waitForSelector("text=Confirm and go on");
        done("click the link", 0, 1, 0, 1);
        page.click("text=Confirm and go on");
        page.waitForSelector("#name");
        done("confirm", 0, 1, 0, 1);
        page.fill("#name", "Maumee Homes");
        page.click("text=Create it and its first key");
        page.waitForSelector("#key");
        done("name the organisation, send", "Maumee Homes".length() + 1, 1, 2, 2);
        String curl = page.textContent("#code-curl");
        done("copy the line", 0, 1, 1, 2);
        call(curl);
        page.waitForSelector(".wait.lit");
        // Alt-Tab, Ctrl-Shift-V, Enter
        done("paste it into a terminal; the page lights up", 2 + 3 + 1, 0, 1, 2);
        return steps;
    }

    private void done(String what, int keys, int points, int hands, int thoughts) {
        long now = System.nanoTime();
        steps.add(new Step(what, keys, points, hands, thoughts, (now - mark) / 1e9));
        mark = now;
    }

    private static void call(String curl) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("bash", "-c", curl).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0 || !out.contains("\"data\"")) {
            throw new IOException("the pasted line did not work:\n" + out);
        }
    }

    static String table(List<Step> steps) {
        StringBuilder out = new StringBuilder(
                "| step | keys | clicks | hand moves | thoughts | waits s | a person s |\n|---|---|---|---|---|---|---|\n");
        for (Step step : steps) {
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %d | %d | %.2f | %.1f |%n",
                    step.what(),
                    step.keys(),
                    step.points(),
                    step.hands(),
                    step.thoughts(),
                    step.waited(),
                    step.seconds()));
        }
        return out.append(String.format(
                        Locale.ROOT,
                        "| **sum** | %d | %d | %d | %d | **%.2f** | **%.1f** |%n",
                        steps.stream().mapToInt(Step::keys).sum(),
                        steps.stream().mapToInt(Step::points).sum(),
                        steps.stream().mapToInt(Step::hands).sum(),
                        steps.stream().mapToInt(Step::thoughts).sum(),
                        waits(steps),
                        person(steps)))
                .toString();
    }

    static double waits(List<Step> steps) {
        return steps.stream().mapToDouble(Step::waited).sum();
    }

    static double person(List<Step> steps) {
        return steps.stream().mapToDouble(Step::seconds).sum();
    }
}
