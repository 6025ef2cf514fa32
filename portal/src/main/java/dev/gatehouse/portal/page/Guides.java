package dev.gatehouse.portal.page;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.portal.PortalSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.text.TextContentRenderer;
import org.jspecify.annotations.Nullable;

/** The guides, read and rendered once, when one is first asked for. They are ours, so what they say is trusted as markup. */
public final class Guides {
    private static final List<String> NAMES = List.of(
            "quickstart",
            "homes",
            "authentication",
            "limits",
            "errors",
            "pagination",
            "webhooks",
            "versions",
            "changelog");

    /**
     * A guide.
     *
     * @param html its whole text
     * @param about its first sentence
     * @param plain what the search looks through
     */
    public record Guide(String name, String title, String html, String about, String plain) {}

    /**
     * A guide that answers a question.
     *
     * @param excerpt the line around the first word that was asked for, as plain text
     */
    public record Hit(Guide guide, String excerpt) {}

    private final PortalSettings settings;
    private @Nullable Map<String, Guide> rendered;

    Guides(PortalSettings settings) {
        this.settings = settings;
    }

    private synchronized Map<String, Guide> guides() {
        Map<String, Guide> known = rendered;
        if (known == null) {
            known = render(settings);
            rendered = known;
        }
        return known;
    }

    private static Map<String, Guide> render(PortalSettings settings) {
        Map<String, Guide> guides = new LinkedHashMap<>();
        var extensions = List.of(TablesExtension.create(), HeadingAnchorExtension.create());
        Parser parser = Parser.builder().extensions(extensions).build();
        HtmlRenderer renderer = HtmlRenderer.builder()
                .extensions(extensions)
                .escapeHtml(true)
                .attributeProviderFactory(context -> (node, tag, attributes) -> {
                    if (tag.equals("pre")) {
                        // reached by the keyboard when it is wider than the page
                        attributes.put("tabindex", "0");
                    }
                })
                .build();
        for (String name : NAMES) {
            String text = (name.equals("errors") ? errors() : read(name))
                    .replace("{{gateway}}", settings.gatewayUri().toString())
                    .replace("{{sample}}", settings.sampleCall());
            String title = text.lines().findFirst().orElse("# ").substring(2);
            String plain =
                    TextContentRenderer.builder().extensions(extensions).build().render(parser.parse(text));
            guides.put(name, new Guide(name, title, renderer.render(parser.parse(text)), about(plain), plain));
        }
        return guides;
    }

    List<Guide> all() {
        return List.copyOf(guides().values());
    }

    Optional<Guide> find(String name) {
        return Optional.ofNullable(guides().get(name));
    }

    /** Guides that hold every word of a question, those that name one in their title first. */
    List<Hit> search(String question) {
        List<String> words = List.of(question.toLowerCase(Locale.ROOT).strip().split("\\s+"));
        return guides().values().stream()
                .filter(guide -> words.stream().allMatch(guide.plain().toLowerCase(Locale.ROOT)::contains))
                .sorted(Comparator.comparing(
                        guide -> words.stream().noneMatch(guide.title().toLowerCase(Locale.ROOT)::contains)))
                .map(guide -> new Hit(guide, excerpt(guide, words.getFirst())))
                .toList();
    }

    private static String excerpt(Guide guide, String word) {
        return guide.plain()
                .lines()
                .skip(1)
                .filter(line -> line.toLowerCase(Locale.ROOT).contains(word))
                .findFirst()
                .map(line -> line.length() > 200 ? line.substring(0, 197) + "…" : line)
                .orElse(guide.about());
    }

    private static String about(String plain) {
        String first = plain.lines()
                .skip(1)
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("");
        int end = first.indexOf(". ");
        return end < 0 ? first : first.substring(0, end + 1);
    }

    /** Made from the codes themselves, so that none is missing. */
    private static String errors() {
        StringBuilder page = new StringBuilder("""
                # Errors

                A refusal is `application/problem+json` (RFC 9457). Its `code` never changes; its `detail` says what happened and
                what to do; its `requestId` names the call. Faults of single fields are all listed at once, in `errors`.

                ```
                {
                  "type": "urn:gatehouse:problem:invalid_parameters",
                  "title": "Some parameters are not valid",
                  "status": 400,
                  "code": "invalid_parameters",
                  "requestId": "req_01k9…",
                  "errors": [ { "field": "limit", "message": "must be 1 to 500" } ]
                }
                ```

                Try again after a 429 (as `Retry-After` says), a 502, 503 or 504. Anything else gives the same answer again.

                | status | code | meaning |
                |---|---|---|
                """);
        for (ProblemCode code : ProblemCode.values()) {
            page.append("| ")
                    .append(code.status())
                    .append(" | `")
                    .append(code.text())
                    .append("` | ")
                    .append(code.title())
                    .append(" |\n");
        }
        return page.toString();
    }

    private static String read(String name) {
        try (InputStream in = Guides.class.getResourceAsStream("/dev/gatehouse/portal/docs/" + name + ".md")) {
            if (in == null) {
                throw new IllegalStateException("the guide " + name + " is missing in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
