package dev.gatehouse.billing.admin;

import dev.gatehouse.directory.AdminPart;
import dev.gatehouse.directory.AdminPart.Change;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiRouter.Handler;
import java.util.HashMap;
import java.util.Map;

/** Billing's part of the admin API, put together from its description. */
public final class BillingAdmin {
    private BillingAdmin() {}

    public static ApiDescription description() {
        return ApiDescription.resource(BillingAdmin.class, "billing-admin.yaml");
    }

    public static AdminPart part(PriceOperations prices, AgreementOperations agreements, InvoiceOperations invoices) {
        Map<String, Handler> reading = new HashMap<>();
        Map<String, Change> changing = new HashMap<>();
        prices.add(reading, changing);
        agreements.add(changing);
        Map<String, Change> taking = new HashMap<>();
        invoices.add(reading, changing, taking);
        return new AdminPart(description(), reading, changing, taking);
    }
}
