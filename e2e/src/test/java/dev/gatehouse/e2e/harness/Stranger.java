package dev.gatehouse.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody who has never been here, in a browser, with a terminal beside it. */
public final class Stranger implements AutoCloseable {
    public static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Duration SOON = Duration.ofMinutes(2);

    private static final Pattern GRAPHED = Pattern.compile("(\\d+) answered, (\\d+) failed");

    /** What a pasted line came to. */
    public record Answer(int status, JsonNode body) {}

    private final JsonNode status;
    private final Playwright playwright;
    private final Page page;
    private String curl = "";

    /** @param status what {@code status --json} says */
    public Stranger(JsonNode status) {
        this.status = status;
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of("--no-sandbox")));
        page = chromium.newPage();
        // a busy machine must not fail it
        page.setDefaultTimeout(SOON.toMillis());
    }

    public static boolean hasBrowser() {
        return Files.isExecutable(CHROMIUM);
    }

    /** From the portal's address to the page that waits for the first call. */
    public void signsUp(String mail, String organisation) {
        page.navigate(status.at("/portal/url").asText());
        page.click("text=Create an account");
        page.fill("#mail", mail);
        page.fill("#password", "correct staple horse");
        page.click("button:has-text('Create account')");
        page.waitForSelector("text=Open it in this browser");
        page.click("text=Open its mailbox");
        page.click("tr:has-text('" + mail + "') a");
        page.click("pre a[href*='/verify/']");
        page.click("text=Confirm and go on");
        page.fill("#name", organisation);
        page.click("text=Create it and its first key");
        page.waitForSelector("text=Waiting for your first call");
        curl = page.textContent("#code-curl");
        assertThat(curl).contains(page.textContent("#key"));
    }

    /** The line as it stands on the page, in a shell. */
    public Answer pastesCurl() throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("bash", "-c", curl + " -s -w '\\n%{http_code}'").start();
        String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(out).isZero();
        int line = out.lastIndexOf('\n');
        return new Answer(Integer.parseInt(out.substring(line + 1).strip()), Json.tree(out.substring(0, line)));
    }

    /** The waiting line is lit, by itself. @return what it says */
    public String seesItLit() {
        return page.waitForSelector(".wait.lit").textContent();
    }

    public void opensUsage() {
        page.navigate(status.at("/portal/url").asText() + "/usage");
        page.waitForSelector("#graph canvas");
        page.waitForFunction("() => document.getElementById('graph-state').textContent.includes('Complete up to')");
    }

    /** Calls that the graph shows now, all minutes together. */
    public int graphed() {
        Matcher calls = GRAPHED.matcher(page.getAttribute("#graph", "aria-label"));
        assertThat(calls.find()).isTrue();
        return Integer.parseInt(calls.group(1)) + Integer.parseInt(calls.group(2));
    }

    /** Revokes the first key by its own page. @return what that page says then */
    public String revokesTheKey() {
        page.navigate(status.at("/portal/url").asText() + "/keys");
        page.click("a.open:has-text('First key')");
        page.click("text=Revoke key");
        page.click("button:has-text('Revoke key')");
        return page.waitForSelector(".notice.bad").textContent();
    }

    @Override
    public void close() {
        playwright.close();
    }
}
