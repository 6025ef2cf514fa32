package dev.gatehouse.billing;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An invoice in a list.
 *
 * @param number null until it is final
 * @param credited sum of its credit notes
 * @param finalAt null until it is final
 * @param waitsFor why it is held or parked, for people; null when it is neither
 */
public record InvoiceSummary(
        InvoiceId id,
        TenantId tenant,
        BillingPeriod period,
        InvoiceState state,
        @Nullable String number,
        Money total,
        Money credited,
        @Nullable Instant finalAt,
        @Nullable String waitsFor) {}
