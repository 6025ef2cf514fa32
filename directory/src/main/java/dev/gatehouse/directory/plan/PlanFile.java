package dev.gatehouse.directory.plan;

import dev.gatehouse.directory.plan.PlanText.Fields;
import dev.gatehouse.directory.plan.PlanText.Items;
import dev.gatehouse.directory.plan.PlanText.Scalar;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.plan.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a plans file and finds all its faults at once, each with its line. */
public final class PlanFile {
    private static final Set<String> NAMES = new TreeSet<>(Set.of(
            "name",
            "daily",
            "refillPerMinute",
            "burst",
            "weight",
            "maxConcurrent",
            "maxQueued",
            "fields",
            "monthlyFee",
            "includedUnits",
            "overagePer1000",
            "currency"));
    private static final int MAX_BYTES = 1 << 20;
    private static final int OVERAGE_DECIMALS = 6;
    private static final BigDecimal MAX_MONEY = BigDecimal.valueOf(1_000_000_000L);

    private final String file;
    private final List<String> faults = new ArrayList<>();

    private PlanFile(String file) {
        this.file = file;
    }

    /** @throws PlanFileException when it cannot be read or has a fault */
    public static List<Plan> read(Path path) {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new PlanFileException(path.toString(), List.of("it is larger than " + MAX_BYTES + " bytes"));
            }
            return parse(path.toString(), Files.readString(path));
        } catch (IOException e) {
            throw new PlanFileException(path.toString(), List.of("it cannot be read: " + e));
        }
    }

    /** The plans of an installation that names no file of its own. */
    public static List<Plan> bundled() {
        try (InputStream in = PlanFile.class.getResourceAsStream("plans.yaml")) {
            if (in == null) {
                throw new IllegalStateException("the bundled plans are missing from the build");
            }
            return parse("plans.yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param file its name in faults
     * @throws PlanFileException when it has a fault
     */
    public static List<Plan> parse(String file, String text) {
        PlanFile reading = new PlanFile(file);
        List<Plan> plans = reading.plans(text);
        if (!reading.faults.isEmpty()) {
            throw new PlanFileException(file, reading.faults);
        }
        return plans;
    }

    private List<Plan> plans(String text) {
        PlanText root;
        try {
            root = PlanText.read(text);
        } catch (IOException e) {
            throw new PlanFileException(file, List.of("it is not YAML: " + e.getMessage()));
        }
        if (!(root instanceof Fields(Map<String, PlanText> top, int line))
                || !(top.get("plans") instanceof Fields(Map<String, PlanText> declared, int unused))
                || declared.isEmpty()) {
            throw new PlanFileException(
                    file, List.of("line " + root.line() + ": it must hold plans: and at least one"));
        }
        top.keySet().stream()
                .filter(name -> !name.equals("plans"))
                .forEach(name -> fault(line, name + " is not known here: the file holds plans: and nothing else"));
        List<Plan> plans = new ArrayList<>();
        declared.forEach((slug, node) -> {
            Plan plan = plan(slug, node);
            if (plan != null) {
                plans.add(plan);
            }
        });
        return List.copyOf(plans);
    }

    private @Nullable Plan plan(String slug, PlanText node) {
        if (!slug.matches("[a-z][a-z0-9-]{0,62}")) {
            fault(node.line(), "\"" + slug + "\" must be 1 to 63 lower-case letters, digits and hyphens");
        }
        if (!(node instanceof Fields(Map<String, PlanText> fields, int line))) {
            fault(node.line(), slug + " must hold " + String.join(", ", NAMES));
            return null;
        }
        int before = faults.size();
        Map<String, PlanText> known = new LinkedHashMap<>(fields);
        fields.forEach((name, value) -> {
            if (!NAMES.contains(name)) {
                fault(value.line(), slug + "." + name + " is not known: a plan holds " + String.join(", ", NAMES));
                known.remove(name);
            }
        });
        Reading reading = new Reading(slug, line, known);
        String name = reading.text("name", 100);
        long daily = reading.whole("daily", 1, Limits.MAX);
        long refill = reading.whole("refillPerMinute", 1, Limits.MAX);
        long burst = reading.whole("burst", 1, Limits.MAX);
        int weight = (int) reading.whole("weight", 1, 10_000);
        int maxConcurrent = (int) reading.whole("maxConcurrent", 1, 100_000);
        int maxQueued = (int) reading.whole("maxQueued", 0, 100_000);
        Set<String> groups = reading.words("fields");
        Currency currency = reading.currency();
        BigDecimal fee = reading.decimal("monthlyFee", currency.getDefaultFractionDigits());
        long included = reading.whole("includedUnits", 0, Long.MAX_VALUE / 1_000_000);
        BigDecimal overage = reading.decimal("overagePer1000", OVERAGE_DECIMALS);
        if (faults.size() > before) {
            return null;
        }
        return new Plan(
                slug,
                name,
                new Limits(daily, refill, burst),
                weight,
                maxConcurrent,
                maxQueued,
                groups,
                new Money(fee, currency),
                included,
                new Money(overage, currency));
    }

    private void fault(int line, String what) {
        faults.add("line " + line + ": " + what);
    }

    /** One plan's fields; a fault is noted and something harmless returned, so that the next fault is found too. */
    private final class Reading {
        private final String slug;
        private final int line;
        private final Map<String, PlanText> fields;

        Reading(String slug, int line, Map<String, PlanText> fields) {
            this.slug = slug;
            this.line = line;
            this.fields = fields;
        }

        private @Nullable Scalar scalar(String name) {
            PlanText node = fields.get(name);
            if (node == null) {
                fault(line, slug + "." + name + " is missing");
                return null;
            }
            if (node instanceof Scalar scalar) {
                return scalar;
            }
            fault(node.line(), slug + "." + name + " must be a single value");
            return null;
        }

        String text(String name, int longest) {
            Scalar scalar = scalar(name);
            if (scalar == null) {
                return "";
            }
            if (scalar.text().isBlank() || scalar.text().length() > longest) {
                fault(scalar.line(), slug + "." + name + " must have 1 to " + longest + " characters");
            }
            return scalar.text();
        }

        long whole(String name, long least, long most) {
            Scalar scalar = scalar(name);
            if (scalar == null) {
                return least;
            }
            try {
                long value = Long.parseLong(scalar.text().strip().replace("_", ""));
                if (value >= least && value <= most) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // said below, as for a number out of range
            }
            fault(
                    scalar.line(),
                    slug + "." + name + " is " + scalar.text() + ": must be a whole number, " + least + " to " + most);
            return least;
        }

        BigDecimal decimal(String name, int decimals) {
            Scalar scalar = scalar(name);
            if (scalar == null) {
                return BigDecimal.ZERO;
            }
            String text = scalar.text().strip();
            if (text.matches("[0-9]{1,10}(\\.[0-9]{1,10})?")) {
                BigDecimal value = new BigDecimal(text);
                if (value.scale() <= decimals && value.compareTo(MAX_MONEY) <= 0) {
                    return value;
                }
            }
            fault(
                    scalar.line(),
                    slug + "." + name + " is " + text + ": must be an amount of at most " + decimals
                            + " decimals, 0 or more, as in \"99.00\"");
            return BigDecimal.ZERO;
        }

        Currency currency() {
            Scalar scalar = scalar("currency");
            if (scalar != null) {
                try {
                    Currency currency = Currency.getInstance(scalar.text().strip());
                    if (currency.getDefaultFractionDigits() >= 0) {
                        return currency;
                    }
                } catch (IllegalArgumentException e) {
                    // said below
                }
                fault(scalar.line(), slug + ".currency is " + scalar.text() + ": must be an ISO 4217 code, as in USD");
            }
            return Currency.getInstance("USD");
        }

        Set<String> words(String name) {
            PlanText node = fields.get(name);
            if (node == null) {
                fault(line, slug + "." + name + " is missing");
                return Set.of();
            }
            Set<String> words = new TreeSet<>();
            if (node instanceof Items(List<PlanText> items, int unused)) {
                for (PlanText item : items) {
                    if (item instanceof Scalar(String text, int at) && text.matches("\\*|[a-z][a-zA-Z0-9-]{0,62}")) {
                        words.add(text);
                    } else {
                        fault(item.line(), slug + "." + name + ": a field group is a word, or \"*\" for all");
                    }
                }
            } else {
                fault(node.line(), slug + "." + name + " must be a list, as in [core] or [\"*\"]");
            }
            return words;
        }
    }
}
