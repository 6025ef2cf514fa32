package dev.gatehouse.directory.plan;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A YAML text as a tree whose nodes know their lines. */
sealed interface PlanText {
    /** Counted from 1. */
    int line();

    record Scalar(String text, int line) implements PlanText {}

    record Items(List<PlanText> items, int line) implements PlanText {}

    record Fields(Map<String, PlanText> fields, int line) implements PlanText {}

    /** @throws IOException when it is not YAML; the message says where */
    static PlanText read(String text) throws IOException {
        try (JsonParser parser = new YAMLFactory().createParser(text)) {
            parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
            return parser.nextToken() == null ? new Scalar("", 1) : node(parser);
        }
    }

    private static PlanText node(JsonParser parser) throws IOException {
        int line = parser.currentTokenLocation().getLineNr();
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, PlanText> fields = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                fields.put(name, node(parser));
            }
            return new Fields(fields, line);
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<PlanText> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(node(parser));
            }
            return new Items(items, line);
        }
        String text = parser.getText();
        return new Scalar(text == null ? "" : text, line);
    }
}
