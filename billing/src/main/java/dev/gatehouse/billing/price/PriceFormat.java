package dev.gatehouse.billing.price;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.kernel.problem.FieldError;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How prices are written: in the prices file, in the admin API, and in an invoice's evidence. Described in docs/prices.md. */
public final class PriceFormat {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> LIST = Set.of(
            "plan",
            "currency",
            "version",
            "from",
            "baseFee",
            "includedUnits",
            "units",
            "operations",
            "minimum",
            "discountPercent",
            "trialDays",
            "override");
    private static final Set<String> OVERRIDE = Set.of(
            "currency",
            "from",
            "until",
            "baseFee",
            "includedUnits",
            "units",
            "operations",
            "minimum",
            "discountPercent");

    private final List<FieldError> errors = new ArrayList<>();

    private PriceFormat() {}

    /**
     * @param at the field that the list stands in, as in {@code prices[0]}; empty for none
     * @throws PriceFault with every field that is wrong
     */
    public static PriceList readList(JsonNode node, String at) {
        PriceFormat reading = new PriceFormat();
        PriceList list = reading.list(node, at.isEmpty() ? "" : at + ".");
        if (list == null || !reading.errors.isEmpty()) {
            throw new PriceFault(reading.errors);
        }
        return list;
    }

    /** @throws PriceFault with every field that is wrong */
    public static PriceOverride readOverride(JsonNode node, String id, TenantId tenant) {
        PriceFormat reading = new PriceFormat();
        PriceOverride override = reading.override(node, id, tenant);
        if (override == null || !reading.errors.isEmpty()) {
            throw new PriceFault(reading.errors);
        }
        return override;
    }

    private @Nullable PriceList list(JsonNode node, String at) {
        known(node, at, LIST);
        String plan = node.path("plan").asText("");
        if (!plan.matches("[a-z][a-z0-9-]{0,62}")) {
            fault(at + "plan", "must be the slug of a plan");
        }
        Currency currency = currency(node, at);
        if (!node.path("version").canConvertToInt() || node.path("version").asInt() < 1) {
            fault(at + "version", "must be a whole number, 1 or more");
        }
        Instant from = node.hasNonNull("from") ? instant(node, at, "from") : Instant.EPOCH;
        Money fee = money(node, at, "baseFee", currency);
        if (fee == null && !node.has("baseFee")) {
            fault(at + "baseFee", "is required");
        }
        Long included = whole(node, at, "includedUnits");
        UnitPrice units = unitPrice(node.path("units"), at + "units");
        if (units == null && node.path("units").isMissingNode()) {
            fault(at + "units", "is required: flat, graduated or volume");
        }
        Map<String, UnitPrice> operations = operations(node, at);
        Money minimum = money(node, at, "minimum", currency);
        BigDecimal discount = decimal(node, at, "discountPercent");
        Long trial = whole(node, at, "trialDays");
        if (!errors.isEmpty() || fee == null || units == null || from == null) {
            return null;
        }
        return checked(
                at,
                () -> new PriceList(
                        plan,
                        node.path("version").asInt(),
                        from,
                        fee,
                        included == null ? 0 : included,
                        units,
                        operations,
                        minimum,
                        discount == null ? BigDecimal.ZERO : discount,
                        trial == null ? 0 : Math.toIntExact(Math.min(trial, Integer.MAX_VALUE)),
                        node.hasNonNull("override") ? node.path("override").asText() : null));
    }

    private @Nullable PriceOverride override(JsonNode node, String id, TenantId tenant) {
        known(node, "", OVERRIDE);
        Currency currency = currency(node, "");
        Instant from = instant(node, "", "from");
        Instant until = node.hasNonNull("until") ? instant(node, "", "until") : null;
        Money fee = money(node, "", "baseFee", currency);
        Long included = whole(node, "", "includedUnits");
        UnitPrice units = node.hasNonNull("units") ? unitPrice(node.path("units"), "units") : null;
        Map<String, UnitPrice> operations = operations(node, "");
        Money minimum = money(node, "", "minimum", currency);
        BigDecimal discount = decimal(node, "", "discountPercent");
        if (!errors.isEmpty() || from == null || currency == null) {
            return null;
        }
        return checked("", () -> {
            PriceOverride override = new PriceOverride(
                    id, tenant, from, until, currency, fee, included, units, operations, minimum, discount);
            // what would be refused in a price list is refused here already
            PriceList unused = override.over(
                    new PriceList("any", 1, Money.zero(currency), 0, new UnitPrice.Flat(BigDecimal.ZERO)));
            return override;
        });
    }

    private <T> @Nullable T checked(String at, Supplier<T> make) {
        try {
            return make.get();
        } catch (IllegalArgumentException e) {
            String text = String.valueOf(e.getMessage());
            int space = text.indexOf(' ');
            fault(
                    at + (space < 0 ? text : text.substring(0, space)),
                    space < 0 ? "is wrong" : text.substring(space + 1));
            return null;
        }
    }

    private void known(JsonNode node, String at, Set<String> names) {
        if (!node.isObject()) {
            fault(at.isEmpty() ? "prices" : at.substring(0, at.length() - 1), "must be an object");
            return;
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                fault(at + name, "is not known here");
            }
        });
    }

    private @Nullable Currency currency(JsonNode node, String at) {
        try {
            Currency currency = Currency.getInstance(node.path("currency").asText(""));
            if (currency.getDefaultFractionDigits() >= 0) {
                return currency;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        fault(at + "currency", "must be a currency of ISO 4217, as in USD");
        return null;
    }

    private @Nullable Instant instant(JsonNode node, String at, String field) {
        try {
            return OffsetDateTime.parse(node.path(field).asText("")).toInstant();
        } catch (DateTimeException e) {
            fault(at + field, "must be an instant, as in 2027-01-01T00:00:00Z");
            return null;
        }
    }

    private @Nullable Money money(JsonNode node, String at, String field, @Nullable Currency currency) {
        BigDecimal amount = decimal(node, at, field);
        return amount == null || currency == null ? null : new Money(amount, currency);
    }

    private @Nullable BigDecimal decimal(JsonNode node, String at, String field) {
        return node.hasNonNull(field) ? decimal(node.path(field), at + field) : null;
    }

    private @Nullable BigDecimal decimal(JsonNode node, String field) {
        String text = node.asText("");
        if ((node.isTextual() || node.isNumber()) && text.matches("-?[0-9]{1,12}(\\.[0-9]{1,12})?")) {
            return new BigDecimal(text);
        }
        fault(field, "must be a decimal, as in \"99.00\"");
        return null;
    }

    private @Nullable Long whole(JsonNode node, String at, String field) {
        if (!node.hasNonNull(field)) {
            return null;
        }
        if (!node.path(field).isIntegralNumber() || !node.path(field).canConvertToLong()) {
            fault(at + field, "must be a whole number");
            return null;
        }
        return node.path(field).asLong();
    }

    private Map<String, UnitPrice> operations(JsonNode node, String at) {
        Map<String, UnitPrice> operations = new TreeMap<>();
        node.path("operations").properties().forEach(entry -> {
            UnitPrice price = unitPrice(entry.getValue(), at + "operations." + entry.getKey());
            if (price != null) {
                operations.put(entry.getKey(), price);
            }
        });
        return operations;
    }

    private @Nullable UnitPrice unitPrice(JsonNode node, String at) {
        if (node.isMissingNode()) {
            return null;
        }
        if (!node.isObject() || node.size() != 1) {
            fault(at, "must be one of flat, graduated and volume");
            return null;
        }
        String kind = node.fieldNames().next();
        JsonNode content = node.path(kind);
        if (kind.equals("flat")) {
            BigDecimal price = decimal(content, at + ".flat");
            return price == null ? null : priced(at, ".flat", () -> new UnitPrice.Flat(price));
        }
        if (!kind.equals("graduated") && !kind.equals("volume")) {
            fault(at + "." + kind, "is not known here: state flat, graduated or volume");
            return null;
        }
        List<Tier> tiers = tiers(content, at + "." + kind);
        if (tiers == null) {
            return null;
        }
        return kind.equals("graduated")
                ? priced(at, ".graduated", () -> new UnitPrice.Graduated(tiers))
                : priced(at, ".volume", () -> new UnitPrice.Volume(tiers));
    }

    private @Nullable List<Tier> tiers(JsonNode node, String at) {
        if (!node.isArray()) {
            fault(at, "must be a list of steps {upTo, per1000}");
            return null;
        }
        int before = errors.size();
        List<Tier> tiers = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            JsonNode step = node.path(i);
            String where = at + "[" + i + "]";
            known(step, where + ".", Set.of("upTo", "per1000"));
            Long upTo = whole(step, where + ".", "upTo");
            BigDecimal price = decimal(step.path("per1000"), where + ".per1000");
            if (price != null) {
                tiers.add(new Tier(upTo, price));
            }
        }
        return errors.size() == before ? tiers : null;
    }

    private @Nullable UnitPrice priced(String at, String kind, Supplier<UnitPrice> make) {
        try {
            return make.get();
        } catch (IllegalArgumentException e) {
            String text = String.valueOf(e.getMessage());
            int space = text.indexOf(' ');
            String field = text.substring(0, space).replaceFirst("^(tiers|flat)", "");
            fault(at + kind + field, text.substring(space + 1));
            return null;
        }
    }

    private void fault(String field, String message) {
        errors.add(new FieldError(field, message));
    }

    /** The list as it is written. Reading gives the same list again. */
    public static ObjectNode write(PriceList list) {
        ObjectNode node = NODES.objectNode();
        node.put("plan", list.plan());
        node.put("currency", list.currency().getCurrencyCode());
        node.put("version", list.version());
        node.put("from", list.startsAt().toString());
        node.put("baseFee", list.baseFee().amount().toPlainString());
        node.put("includedUnits", list.includedUnits());
        node.set("units", write(list.overage()));
        operations(node, list.operations());
        if (list.minimum() != null) {
            node.put("minimum", list.minimum().amount().toPlainString());
        }
        if (list.discountPercent().signum() != 0) {
            node.put("discountPercent", list.discountPercent().toPlainString());
        }
        if (list.trialDays() != 0) {
            node.put("trialDays", list.trialDays());
        }
        if (list.override() != null) {
            node.put("override", list.override());
        }
        return node;
    }

    public static ObjectNode write(PriceOverride override) {
        ObjectNode node = NODES.objectNode();
        node.put("currency", override.currency().getCurrencyCode());
        node.put("from", override.from().toString());
        if (override.until() != null) {
            node.put("until", override.until().toString());
        }
        if (override.baseFee() != null) {
            node.put("baseFee", override.baseFee().amount().toPlainString());
        }
        if (override.includedUnits() != null) {
            node.put("includedUnits", override.includedUnits());
        }
        if (override.overage() != null) {
            node.set("units", write(override.overage()));
        }
        operations(node, override.operations());
        if (override.minimum() != null) {
            node.put("minimum", override.minimum().amount().toPlainString());
        }
        if (override.discountPercent() != null) {
            node.put("discountPercent", override.discountPercent().toPlainString());
        }
        return node;
    }

    private static void operations(ObjectNode node, Map<String, UnitPrice> operations) {
        if (!operations.isEmpty()) {
            ObjectNode all = node.putObject("operations");
            operations.forEach((name, price) -> all.set(name, write(price)));
        }
    }

    private static ObjectNode write(UnitPrice price) {
        ObjectNode node = NODES.objectNode();
        switch (price) {
            case UnitPrice.Flat(BigDecimal per1000) -> node.put("flat", per1000.toPlainString());
            case UnitPrice.Graduated(List<Tier> tiers) -> node.set("graduated", write(tiers));
            case UnitPrice.Volume(List<Tier> tiers) -> node.set("volume", write(tiers));
        }
        return node;
    }

    private static ArrayNode write(List<Tier> tiers) {
        ArrayNode all = NODES.arrayNode();
        for (Tier tier : tiers) {
            ObjectNode step = all.addObject();
            if (tier.upTo() != null) {
                step.put("upTo", tier.upTo());
            }
            step.put("per1000", tier.per1000().toPlainString());
        }
        return all;
    }
}
