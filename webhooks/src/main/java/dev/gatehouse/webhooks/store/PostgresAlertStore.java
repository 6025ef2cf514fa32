package dev.gatehouse.webhooks.store;

import dev.gatehouse.kernel.signal.AlertFilter;
import dev.gatehouse.kernel.signal.SavedAlert;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.webhooks.alert.AlertStore;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Saved alerts in PostgreSQL; deleted ones stay as their version. */
public final class PostgresAlertStore implements AlertStore {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresAlertStore.class);

    private final Database database;

    public PostgresAlertStore(Database database) {
        this.database = database;
    }

    @Override
    public long version() {
        return database.<Long, RuntimeException>asSystem(
                handle -> handle.createQuery("SELECT COALESCE(max(version), 0) FROM saved_alert")
                        .mapTo(Long.class)
                        .one());
    }

    @Override
    public void keep(List<SavedAlert> alerts) {
        if (alerts.isEmpty()) {
            return;
        }
        database.<int[], RuntimeException>asSystem(handle -> {
            PreparedBatch rows = handle.prepareBatch("""
                    INSERT INTO saved_alert (id, tenant_id, version, deleted, filter)
                    VALUES (:id, :tenant, :version, :deleted, :filter::jsonb)
                    ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version, deleted = EXCLUDED.deleted,
                        filter = EXCLUDED.filter
                    WHERE saved_alert.version < EXCLUDED.version AND saved_alert.tenant_id = EXCLUDED.tenant_id
                    """);
            for (SavedAlert alert : alerts) {
                rows.bind("id", alert.id())
                        .bind("tenant", alert.tenant())
                        .bind("version", alert.version())
                        .bind("deleted", alert.deleted())
                        .bind("filter", Json.text(alert.filter()))
                        .add();
            }
            return rows.execute();
        });
    }

    /** What these alerts want, by tenant and id; without those that are not there any more. */
    static Map<String, AlertFilter> wanted(Handle handle, Collection<String> ids) {
        Map<String, AlertFilter> wanted = new HashMap<>();
        if (!ids.isEmpty()) {
            handle.createQuery("SELECT id, tenant_id, filter FROM saved_alert WHERE id = ANY(:ids) AND NOT deleted")
                    .bindArray("ids", String.class, ids.toArray())
                    .map((row, context) -> {
                        String alert = key(row.getString("tenant_id"), row.getString("id"));
                        try {
                            wanted.put(alert, Json.read(row.getString("filter"), AlertFilter.class));
                        } catch (UncheckedIOException e) {
                            LOG.error("the saved alert {} cannot be read; nothing is delivered by it", alert, e);
                        }
                        return alert;
                    })
                    .list();
        }
        return wanted;
    }

    /** An alert counts only for the tenant whose it is. */
    static String key(String tenant, String id) {
        return tenant + " " + id;
    }
}
