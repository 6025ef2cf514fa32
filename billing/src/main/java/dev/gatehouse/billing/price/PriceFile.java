package dev.gatehouse.billing.price;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A file of price lists, YAML or JSON: {@code prices:} and a list. Described in docs/prices.md. */
public final class PriceFile {
    private static final int MAX_BYTES = 1 << 20;

    private PriceFile() {}

    /** @throws PriceFault when it cannot be read, or with every field that is wrong */
    public static List<PriceList> read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new PriceFault(file.toString(), "is larger than " + MAX_BYTES + " bytes");
            }
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new PriceFault(file.toString(), "cannot be read: " + e.getMessage());
        }
    }

    /** @throws PriceFault with every field that is wrong */
    public static List<PriceList> parse(String text) {
        JsonNode root;
        try {
            root = Json.YAML.readTree(text);
        } catch (IOException e) {
            throw new PriceFault("prices", "is neither YAML nor JSON: " + e.getMessage());
        }
        if (root == null || !root.path("prices").isArray() || root.size() != 1) {
            throw new PriceFault("prices", "must be there, a list of price lists, and nothing beside it");
        }
        List<PriceList> lists = new ArrayList<>();
        List<FieldError> errors = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < root.path("prices").size(); i++) {
            try {
                PriceList list = PriceFormat.readList(root.path("prices").path(i), "prices[" + i + "]");
                if (!seen.add(list.plan() + " " + list.currency() + " " + list.version())) {
                    errors.add(new FieldError("prices[" + i + "].version", "stands in the file twice"));
                }
                lists.add(list);
            } catch (PriceFault e) {
                errors.addAll(e.errors());
            }
        }
        if (!errors.isEmpty()) {
            throw new PriceFault(errors);
        }
        return lists;
    }
}
