package dev.gatehouse.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PathTemplatesTest {
    private final PathTemplates<String> templates = new PathTemplates<>();

    private String find(String path) {
        PathTemplates.Match<String> match = templates.find(path);
        return match == null ? "nothing" : match.value() + match.parameters();
    }

    @Test
    @DisplayName("a literal wins over a parameter, and a dead end goes back to the parameter")
    void literalFirst() {
        templates.add("/v2/listings", "list");
        templates.add("/v2/listings/{key}", "one");
        templates.add("/v2/listings/search", "search");
        templates.add("/v2/{service}/search/deep", "deep");
        templates.add("/files/{path+}", "file");
        assertThat(find("/v2/listings")).isEqualTo("list[]");
        assertThat(find("/v2/listings/search")).isEqualTo("search[]");
        assertThat(find("/v2/listings/L-1")).isEqualTo("one[L-1]");
        assertThat(find("/v2/listings/search/deep")).isEqualTo("deep[listings]");
        assertThat(find("/v2/listings/")).isEqualTo("nothing");
        assertThat(find("/v2")).isEqualTo("nothing");
        assertThat(find("/files/a/b.css")).isEqualTo("file[a/b.css]");
    }

    @Test
    @DisplayName("two templates that fit the same paths are refused")
    void ambiguous() {
        templates.add("/a/{b}", "one");
        assertThatThrownBy(() -> templates.add("/a/{c}", "two")).hasMessageContaining("/a/{b}");
    }
}
