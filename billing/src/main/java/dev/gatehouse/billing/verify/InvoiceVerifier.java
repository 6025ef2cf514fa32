package dev.gatehouse.billing.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.billing.price.PriceFault;
import dev.gatehouse.billing.price.PriceFormat;
import dev.gatehouse.billing.verify.SecondCalculator.Amounts;
import dev.gatehouse.billing.verify.SecondCalculator.Charge;
import dev.gatehouse.billing.verify.SecondCalculator.Hour;
import dev.gatehouse.billing.verify.SecondCalculator.Span;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Checks an invoice's evidence offline: counts and prices in, amounts out, compared to the smallest unit. It shares the price
 * format with the rating and no line of its code.
 */
public final class InvoiceVerifier {
    private static final String FORMAT = "gatehouse-invoice-evidence/1";
    private static final int MAX_FAULTS = 50;

    /** The version of the computation in bundles that do not state one. */
    private static final int FIRST = 2;

    private static final Set<String> RATED = Set.of("base_fee", "usage", "operation", "discount", "minimum");

    /**
     * What came out.
     *
     * @param invoice number or id, and period, for people
     * @param checks what was found in order, a sentence each
     * @param faults what was not; empty when the invoice holds
     */
    public record Verdict(String invoice, String stated, String computed, List<String> checks, List<String> faults) {
        public boolean holds() {
            return faults.isEmpty();
        }
    }

    private final JsonNode root;
    private final List<String> checks = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private int decimals;
    private String currency = "";

    private InvoiceVerifier(JsonNode root) {
        this.root = root;
    }

    /** @throws IllegalArgumentException when it is no such bundle; the message says what is wrong, for people */
    public static Verdict verify(byte[] bundle) {
        JsonNode root;
        try {
            root = new ObjectMapper().readTree(bundle);
        } catch (IOException e) {
            throw new IllegalArgumentException("The bundle is not JSON, or it was cut off.", e);
        }
        if (root == null || !root.path("format").asText("").equals(FORMAT)) {
            throw new IllegalArgumentException("This is no bundle of the format " + FORMAT + ".");
        }
        try {
            return new InvoiceVerifier(root).run();
        } catch (PriceFault | DateTimeException | IllegalArgumentException | ArithmeticException e) {
            // such as an amount that is none: the message alone may say nothing
            throw new IllegalArgumentException(
                    "The bundle cannot be read, so that nothing is known of the invoice: " + e.getMessage()
                            + ". Was it changed, or cut off?",
                    e);
        }
    }

    private Verdict run() {
        JsonNode invoice = root.path("invoice");
        currency = invoice.path("currency").asText();
        if (Currency.getAvailableCurrencies().stream()
                .noneMatch(known -> known.getCurrencyCode().equals(currency))) {
            throw new IllegalArgumentException("invoice.currency is \"" + currency + "\"");
        }
        decimals = Currency.getInstance(currency).getDefaultFractionDigits();
        List<Hour> hours = hours(root.path("hours"), invoice.path("period"));
        ledger(hours);
        Amounts amounts = calculate(
                root, invoice.path("period"), hours, invoice.path("algorithm").asInt(FIRST));
        BigInteger total = lines(amounts);
        BigInteger stated = smallest(invoice.path("total").asText());
        if (stated.equals(total)) {
            checks.add("The lines add up to " + text(total) + ".");
        } else {
            fault("The invoice says " + text(stated) + ", its lines come to " + text(total) + ".");
        }
        String name = invoice.path("number").isTextual()
                ? invoice.path("number").asText()
                : "draft " + invoice.path("id").asText();
        return new Verdict(name, text(stated), text(total), List.copyOf(checks), List.copyOf(faults));
    }

    private List<Hour> hours(JsonNode nodes, JsonNode period) {
        Instant from = Instant.parse(period.path("from").asText());
        Instant to = Instant.parse(period.path("to").asText());
        List<Hour> hours = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (JsonNode node : nodes) {
            Hour hour = new Hour(
                    Instant.parse(node.path("hour").asText()),
                    node.path("plan").asText(),
                    node.path("operation").asText(),
                    node.path("calls").asLong(),
                    node.path("units").asLong());
            if (!seen.add(hour.at() + " " + hour.plan() + " " + hour.operation())) {
                fault("The hour " + hour.at() + " of " + hour.operation() + " is counted twice.");
            }
            if (hour.at().isBefore(from) || !hour.at().isBefore(to)) {
                fault("The hour " + hour.at() + " lies outside of the period.");
            }
            if (hour.calls() < 0 || hour.units() < 0) {
                fault("The hour " + hour.at() + " counts less than nothing.");
            }
            hours.add(hour);
        }
        return hours;
    }

    /** The hours' calls are those of the ledger's batches, and no batch lies past the cut. */
    private void ledger(List<Hour> hours) {
        Map<Instant, Long> counted = new HashMap<>();
        hours.forEach(hour -> counted.merge(hour.at(), hour.calls(), Math::addExact));
        Map<Integer, Long> cut = new HashMap<>();
        root.path("cut")
                .forEach(head ->
                        cut.put(head.path("shard").asInt(), head.path("batch").asLong()));
        Map<Instant, Long> traced = new HashMap<>();
        long batches = 0;
        for (JsonNode node : root.path("batches")) {
            traced.merge(
                    Instant.parse(node.path("hour").asText()),
                    node.path("calls").asLong(),
                    Math::addExact);
            batches += node.path("batches").asLong();
            long end = cut.getOrDefault(node.path("shard").asInt(), 0L);
            if (node.path("last").asLong() > end) {
                fault("A batch of shard " + node.path("shard") + " lies past the cut: " + node.path("last") + " after "
                        + end + ".");
            }
        }
        if (counted.equals(traced)) {
            long calls = counted.values().stream().mapToLong(Long::longValue).sum();
            checks.add(String.format(
                    Locale.ROOT,
                    "%,d calls of %,d hours are those of the ledger's batches (%,d parts of batches).",
                    calls,
                    counted.size(),
                    batches));
            return;
        }
        Set<Instant> all = new HashSet<>(counted.keySet());
        all.addAll(traced.keySet());
        all.stream().sorted().forEach(hour -> {
            long here = counted.getOrDefault(hour, 0L);
            long there = traced.getOrDefault(hour, 0L);
            if (here != there) {
                fault("The hour " + hour + " counts " + here + " calls, the ledger's batches hold " + there + ".");
            }
        });
    }

    private static Amounts calculate(JsonNode from, JsonNode period, List<Hour> hours, int algorithm) {
        List<Span> spans = new ArrayList<>();
        int i = 0;
        for (JsonNode term : from.path("terms")) {
            spans.add(new Span(
                    PriceFormat.readList(term.path("prices"), "terms[" + i + "].prices"),
                    Instant.parse(term.path("from").asText()).getEpochSecond(),
                    Instant.parse(term.path("to").asText()).getEpochSecond(),
                    term.path("phase").asText().equals("trial") ? Charge.NOTHING : Charge.PRICES));
            i++;
        }
        if (spans.isEmpty()) {
            throw new IllegalArgumentException("terms is empty");
        }
        return new SecondCalculator(
                        spans,
                        Instant.parse(period.path("from").asText()).getEpochSecond(),
                        Instant.parse(period.path("to").asText()).getEpochSecond(),
                        algorithm)
                .of(hours);
    }

    private BigInteger lines(Amounts amounts) {
        BigInteger total = BigInteger.ZERO;
        int rated = 0;
        long units = 0;
        Map<String, Amounts> corrected = corrected();
        for (JsonNode line : root.path("lines")) {
            String kind = line.path("kind").asText();
            String name =
                    "Line " + line.path("number") + " (" + line.path("text").asText() + ")";
            BigInteger stated = smallest(line.path("amount").asText());
            BigInteger computed = stated;
            if (RATED.contains(kind)) {
                computed = rated < amounts.lines().size() ? amounts.lines().get(rated) : BigInteger.ZERO;
                rated++;
                units += line.path("units").asLong();
            } else if (kind.equals("adjustment")) {
                computed = adjustment(line, name, corrected);
            } else if (kind.equals("carried_over")) {
                computed = total.negate().max(BigInteger.ZERO);
            }
            if (!stated.equals(computed)) {
                fault(name + " says " + text(stated) + ", and comes to " + text(computed) + ".");
            } else if (kind.equals("one_off")) {
                checks.add(name + ": " + text(stated) + ", by an operator: "
                        + line.path("reason").asText() + ".");
            } else if (kind.equals("credit")) {
                checks.add(name + ": " + text(stated) + ", carried over from invoice "
                        + line.path("fromInvoice").asText() + ", which states it.");
            } else {
                checks.add(name + ": " + text(stated) + ".");
            }
            total = total.add(computed);
        }
        if (rated != amounts.lines().size()) {
            fault("There are " + rated + " rated lines, and should be "
                    + amounts.lines().size() + ".");
        }
        if (units != amounts.units()) {
            fault("The lines count " + units + " units, the hours " + amounts.units() + ".");
        }
        return total;
    }

    private Map<String, Amounts> corrected() {
        Map<String, Amounts> corrected = new HashMap<>();
        for (JsonNode earlier : root.path("corrects")) {
            corrected.put(
                    earlier.path("invoice").asText(),
                    calculate(
                            earlier,
                            earlier.path("period"),
                            hours(earlier.path("hours"), earlier.path("period")),
                            earlier.path("algorithm").asInt(FIRST)));
        }
        return corrected;
    }

    private BigInteger adjustment(JsonNode line, String name, Map<String, Amounts> corrected) {
        BigInteger now = smallest(line.path("now").asText());
        Amounts again = corrected.get(line.path("correctsInvoice").asText());
        int of = line.path("correctsLine").asInt();
        if (again == null || of < 1 || of > again.lines().size()) {
            fault(name + " corrects a line that is not in the bundle.");
        } else if (!again.lines().get(of - 1).equals(now)) {
            fault(name + ": the line it corrects comes to " + text(again.lines().get(of - 1)) + ", not to " + text(now)
                    + ".");
        }
        return now.subtract(smallest(line.path("charged").asText()));
    }

    private BigInteger smallest(String amount) {
        return new BigDecimal(amount).movePointRight(decimals).toBigIntegerExact();
    }

    private String text(BigInteger smallest) {
        return new BigDecimal(smallest, decimals).toPlainString() + " " + currency;
    }

    private void fault(String sentence) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(sentence);
        }
    }
}
