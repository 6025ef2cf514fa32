package dev.gatehouse.bench.billing;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much is measured.
 *
 * @param asks for the month to date
 * @param data where the loaded month is kept for another run; null for a folder that is deleted
 * @param record whether the report is written: {@code yes} or {@code no}
 */
record BillingOptions(
        int tenants, long events, int asks, @Nullable Path data, String record) {
    static final String USAGE = "gatehouse bench billing [--short] [--tenants=1000] [--events=30000000] [--asks=400]"
            + " [--data=FOLDER] [--record=yes|no]";

    static BillingOptions parse(List<String> arguments) {
        boolean isShort = arguments.contains("--short");
        int tenants = isShort ? 50 : 1_000;
        long events = isShort ? 300_000 : 30_000_000;
        int asks = isShort ? 100 : 400;
        Path data = null;
        String record = isShort ? "no" : "yes";
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String value = argument.substring(equals + 1);
            switch (equals < 0 ? argument : argument.substring(0, equals)) {
                case "--short" -> {}
                case "--tenants" -> tenants = Integer.parseInt(value);
                case "--events" -> events = Long.parseLong(value);
                case "--asks" -> asks = Integer.parseInt(value);
                case "--data" -> data = Path.of(value);
                case "--record" -> record = value;
                default -> throw new IllegalArgumentException(argument + " is not known: " + USAGE);
            }
        }
        return new BillingOptions(tenants, events, asks, data, record);
    }

    boolean isRecorded() {
        return record.equals("yes");
    }
}
