package dev.gatehouse.billing.price;

import dev.gatehouse.kernel.id.TenantId;
import java.util.Optional;

/** Knows what was agreed on with each tenant. */
@FunctionalInterface
public interface Agreements {
    /** Empty when there is no such tenant. */
    Optional<Agreement> of(TenantId tenant);
}
