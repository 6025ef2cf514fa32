package dev.gatehouse.billing;

import dev.gatehouse.runtime.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How bills are made.
 *
 * @param connections {@code gatehouse.billing.connections}: to the schema billing, at the most
 * @param prices {@code gatehouse.billing.prices}: a file of price lists (docs/prices.md); null for the plans' own
 * @param grace {@code gatehouse.billing.grace}: how long after a period's end late usage still lands on its invoice
 * @param window {@code gatehouse.metering.window}: how long the ledger takes late usage, as metering has it
 * @param every {@code gatehouse.billing.every}: how often periods are closed and budgets looked at
 * @param seller {@code gatehouse.billing.seller}: who sends the invoices, as it stands on them
 */
public record BillingSettings(
        int connections, @Nullable Path prices, Duration grace, Duration window, Duration every, String seller) {

    public static BillingSettings of(Settings settings) {
        return new BillingSettings(
                settings.integer("gatehouse.billing.connections", 8),
                settings.text("gatehouse.billing.prices").map(Path::of).orElse(null),
                settings.duration("gatehouse.billing.grace", Duration.ofDays(2)),
                settings.duration("gatehouse.metering.window", Duration.ofDays(3)),
                settings.duration("gatehouse.billing.every", Duration.ofSeconds(30)),
                settings.text("gatehouse.billing.seller", "Gatehouse"));
    }
}
