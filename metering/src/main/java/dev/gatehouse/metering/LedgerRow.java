package dev.gatehouse.metering;

import dev.gatehouse.kernel.usage.UsageEvent;

/**
 * One call in the ledger.
 *
 * @param late whether it came more than the tolerance after its time
 */
public record LedgerRow(UsageEvent event, boolean late) {}
