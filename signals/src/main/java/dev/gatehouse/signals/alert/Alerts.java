package dev.gatehouse.signals.alert;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.api.IdempotencyKey;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Saved alerts. Those of test keys are a list of their own, and nothing is ever delivered for them. */
public interface Alerts {
    /** Alerts that a tenant may have. */
    int MOST = 200;

    /** Whose alerts, and which of the two lists. */
    record Owner(TenantId tenant, KeyMode mode) {}

    /** What came of a wish to save. */
    sealed interface Saved {
        record New(Alert alert) implements Saved {}

        /** The same request was made before; this is what it made. */
        record Again(Alert alert) implements Saved {}

        /** The idempotency key was used for another request. */
        record OtherRequest() implements Saved {}

        record TooMany() implements Saved {}
    }

    Saved save(Owner owner, Alert alert, @Nullable IdempotencyKey request);

    /** Oldest first, after an id or from the first on. */
    List<Alert> page(Owner owner, @Nullable String after, int limit);

    Optional<Alert> find(Owner owner, String id);

    /** @return whether it was there */
    boolean delete(Owner owner, String id);
}
