package dev.gatehouse.portal.page;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.portal.PortalSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** The guides, read and rendered once. They are ours, so what they say is trusted as markup. */
public final class Guides {
    private static final List<String> NAMES =
            List.of("quickstart", "authentication", "limits", "errors", "pagination", "webhooks", "versions");

    /**
     * A guide.
     *
     * @param html its whole text
     * @param plain what the search looks through
     */
    public record Guide(String name, String title, String html, String plain) {}

    private final Map<String, Guide> guides = new LinkedHashMap<>();

    Guides(PortalSettings settings) {
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
            guides.put(
                    name, new Guide(name, title, renderer.render(parser.parse(text)), text.toLowerCase(Locale.ROOT)));
        }
    }

    List<Guide> all() {
        return List.copyOf(guides.values());
    }

    Optional<Guide> find(String name) {
        return Optional.ofNullable(guides.get(name));
    }

    /** Guides that hold every word of a question. */
    List<Guide> search(String question) {
        String[] words = question.toLowerCase(Locale.ROOT).strip().split("\\s+");
        return guides.values().stream()
                .filter(guide -> List.of(words).stream().allMatch(guide.plain()::contains))
                .toList();
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
