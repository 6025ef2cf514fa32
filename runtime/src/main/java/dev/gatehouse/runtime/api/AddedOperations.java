package dev.gatehouse.runtime.api;

import dev.gatehouse.kernel.id.TenantId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Operations that a module adds to an API which another one serves and guards: the host knows who calls, what the roles
 * ({@code x-roles} in the description) allow, and where changes are noted.
 *
 * @param description of these operations and no others
 * @param reads operations that change nothing, by id
 * @param changes the others, by id; each has to be such that doing it twice leaves what doing it once does
 */
public record AddedOperations(
        ApiDescription description, Map<String, ApiRouter.Handler> reads, Map<String, AddedChange> changes) {

    public AddedOperations {
        reads = Map.copyOf(reads);
        changes = Map.copyOf(changes);
    }

    /** An operation that changes something. */
    public interface AddedChange {
        /** Makes the change. */
        Done make(ApiCall call);

        /** Changes nothing, and says what {@link #make} would do. */
        Done preview(ApiCall call);
    }

    /**
     * What a change did, or would do.
     *
     * @param subject the id or name of what it is about
     * @param tenant whose it is; null when it is no single tenant's
     * @param before as it may be shown; null when there was nothing
     * @param after as it may be shown; null when nothing is left
     * @param answer what the caller is told
     */
    public record Done(
            String subject,
            @Nullable TenantId tenant,
            @Nullable Object before,
            @Nullable Object after,
            Object answer) {}
}
