package dev.gatehouse.metering.ledger;

import dev.gatehouse.kernel.id.TenantId;
import java.io.IOException;

/** It cannot be told whether a tenant exists; the batch is tried again. */
public final class TenantsUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TenantsUnavailableException(TenantId tenant, IOException cause) {
        super("the directory does not say whether there is a tenant " + tenant + ": " + cause.getMessage(), cause);
    }
}
