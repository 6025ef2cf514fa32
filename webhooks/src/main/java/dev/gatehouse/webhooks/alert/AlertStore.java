package dev.gatehouse.webhooks.alert;

import dev.gatehouse.kernel.signal.SavedAlert;
import java.util.List;

/** A copy of every tenant's saved alerts, for the events that endpoints want by them. */
public interface AlertStore {
    /** The highest version that is kept; 0 for none. */
    long version();

    /** Keeps alerts by id; an alert that is older than the one kept changes nothing. */
    void keep(List<SavedAlert> alerts);
}
