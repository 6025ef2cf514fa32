package dev.gatehouse.kernel.signal;

import java.util.List;

/**
 * An alert as other processes of the installation learn of it: {@code GET /internal/alerts?after=VERSION}.
 *
 * @param id {@code alr_…}
 * @param version dense over all tenants' alerts, in the order of the changes: an alert that changes moves to the end
 * @param deleted whether it wants nothing any more
 */
public record SavedAlert(String id, String tenant, long version, boolean deleted, AlertFilter filter) {
    /** Where the signals service says them, to callers with the process token. */
    public static final String PATH = "/internal/alerts";

    /**
     * A piece of all alerts.
     *
     * @param alerts by version, right after the one asked for
     * @param last the highest version there is
     */
    public record Page(List<SavedAlert> alerts, long last) {
        public Page {
            alerts = List.copyOf(alerts);
        }
    }
}
