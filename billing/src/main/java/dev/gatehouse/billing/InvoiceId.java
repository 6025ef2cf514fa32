package dev.gatehouse.billing;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The id of an invoice: {@code inv_…}. It follows from tenant and period, so that closing a period twice makes one invoice.
 */
public record InvoiceId(@JsonValue String value) {
    public static final String PREFIX = "inv";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public InvoiceId {
        if (!PrefixedId.isWellFormed(PREFIX, value)) {
            throw new IllegalArgumentException("not an invoice id: " + value);
        }
    }

    public static InvoiceId of(TenantId tenant, BillingPeriod period) {
        try {
            ByteBuffer hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256")
                    .digest((tenant.value() + " " + period.from()).getBytes(StandardCharsets.UTF_8)));
            return new InvoiceId(PrefixedId.of(PREFIX, period.from().toEpochMilli(), hash.getLong(), hash.getLong()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
