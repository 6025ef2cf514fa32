package dev.gatehouse.listings.load;

import dev.gatehouse.kernel.text.Nearest;
import dev.gatehouse.listings.ImportRefused;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A part of a mapping file that knows its line, so that each complaint can name it. */
final class YamlPart {
    private final String file;
    private final Node node;

    private YamlPart(String file, Node node) {
        this.file = file;
        this.node = node;
    }

    static YamlPart parse(String file, String text) {
        try {
            Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
            if (root == null) {
                throw new ImportRefused(file + " is empty. A mapping names a source and its fields.");
            }
            return new YamlPart(file, root);
        } catch (YAMLException e) {
            throw new ImportRefused(file + " is not YAML: " + e.getMessage(), e);
        }
    }

    /** @param message what is wrong and what would be right */
    ImportRefused refuse(String message) {
        return new ImportRefused(file + " line " + (node.getStartMark().getLine() + 1) + ": " + message);
    }

    /**
     * The parts by name.
     *
     * @param known all names that may stand here
     */
    Map<String, YamlPart> parts(Collection<String> known) {
        Map<String, YamlPart> parts = entries();
        parts.forEach((name, part) -> {
            if (!known.contains(name)) {
                throw part.refuse("\"" + name + "\" is not known here"
                        + Nearest.to(name, known)
                                .map(near -> ": did you mean " + near + "?")
                                .orElse(": known are " + String.join(", ", known) + "."));
            }
        });
        return parts;
    }

    /** The parts by names that the file's writer chose. */
    Map<String, YamlPart> entries() {
        if (!(node instanceof MappingNode mapping)) {
            throw refuse("must be names with values");
        }
        Map<String, YamlPart> entries = new LinkedHashMap<>();
        mapping.getValue().forEach(entry -> {
            YamlPart key = new YamlPart(file, entry.getKeyNode());
            if (entries.put(key.text(), new YamlPart(file, entry.getValueNode())) != null) {
                throw key.refuse("\"" + key.text() + "\" stands twice");
            }
        });
        return entries;
    }

    boolean isText() {
        return node instanceof ScalarNode;
    }

    String text() {
        if (!(node instanceof ScalarNode scalar)) {
            throw refuse("must be one value");
        }
        return scalar.getValue();
    }

    /** One value or a list of them. */
    List<YamlPart> list() {
        if (node instanceof SequenceNode sequence) {
            List<YamlPart> items = new ArrayList<>();
            sequence.getValue().forEach(item -> items.add(new YamlPart(file, item)));
            return items;
        }
        return List.of(this);
    }

    List<String> texts() {
        return list().stream().map(YamlPart::text).toList();
    }

    static Optional<YamlPart> in(Map<String, YamlPart> parts, String name) {
        return Optional.ofNullable(parts.get(name));
    }
}
