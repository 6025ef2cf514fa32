package dev.gatehouse.app.role;

import dev.gatehouse.app.installation.StartRefused;
import dev.gatehouse.billing.BillingModule;
import dev.gatehouse.billing.BillingSettings;
import dev.gatehouse.billing.price.PriceFault;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.metering.MeteringModule;
import java.sql.SQLException;

/** Puts billing together: bills for the pages, the tenant's API of its bill, and the jobs that close periods. */
public final class BillingRole {
    private BillingRole() {}

    /** Opens billing's data for the roles of this process that need it. */
    public static BillingModule open(Platform platform, Directory directory, MeteringModule metering)
            throws SQLException {
        try {
            return BillingModule.open(
                    platform.database().get(),
                    BillingSettings.of(platform.settings()),
                    new BillingModule.Parts(
                            directory, metering.reader(), metering.billable(), (tenant, budget, alert) -> {}),
                    platform.clock());
        } catch (PriceFault e) {
            throw new StartRefused("The prices file cannot be used: " + e.getMessage() + ".", e);
        }
    }
}
