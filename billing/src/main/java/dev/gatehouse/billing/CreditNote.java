package dev.gatehouse.billing;

import dev.gatehouse.kernel.money.Money;
import java.time.Instant;

/**
 * Money that a final invoice asks too much for, given back.
 *
 * @param number gapless, as in {@code CRN-000007}
 * @param amount more than nothing
 * @param reason for the tenant to read
 */
public record CreditNote(
        String id, String number, InvoiceId invoice, Money amount, String reason, String by, Instant at) {}
