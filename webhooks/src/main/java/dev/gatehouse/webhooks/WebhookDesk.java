package dev.gatehouse.webhooks;

import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.webhooks.endpoint.Catalogue;
import dev.gatehouse.webhooks.endpoint.StoredWebhooks;
import dev.gatehouse.webhooks.guard.AddressGuard;
import dev.gatehouse.webhooks.guard.Resolver;
import dev.gatehouse.webhooks.signature.SecretBox;
import dev.gatehouse.webhooks.store.PostgresDeliveryLog;
import dev.gatehouse.webhooks.store.PostgresEndpointStore;
import dev.gatehouse.webhooks.store.Schema;
import java.sql.SQLException;
import java.time.InstantSource;

/**
 * What tenants do with their webhooks, for pages in a process that need not deliver: over the same stores, without a worker.
 * What becomes due is found by the workers' own look each second.
 */
public final class WebhookDesk implements AutoCloseable {
    private static final int POOL = 4;

    private final Database database;
    private final Webhooks webhooks;

    private WebhookDesk(Database database, Webhooks webhooks) {
        this.database = database;
        this.webhooks = webhooks;
    }

    /** Migrates the schema and opens it. */
    public static WebhookDesk open(
            DatabaseUrl url, InternalSecrets secrets, InstantSource clock, WebhooksModule.Receivers receivers)
            throws SQLException {
        Database database = Database.open(url, WebhooksModule.SERVICE, Schema.MIGRATIONS, POOL);
        AddressGuard guard = WebhooksModule.guard(database, receivers, Resolver.system(), clock);
        return new WebhookDesk(
                database,
                new StoredWebhooks(
                        new StoredWebhooks.Stores(
                                new PostgresEndpointStore(database),
                                new PostgresDeliveryLog(database),
                                new SecretBox(secrets)),
                        guard,
                        new Catalogue(),
                        clock,
                        due -> {},
                        () -> true));
    }

    public Webhooks webhooks() {
        return webhooks;
    }

    @Override
    public void close() {
        database.close();
    }
}
