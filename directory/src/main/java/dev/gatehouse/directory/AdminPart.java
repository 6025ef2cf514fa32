package dev.gatehouse.directory;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiRouter.Handler;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Operations that another module adds to the admin API. Who may call one says its {@code x-roles}; replay under an
 * {@code Idempotency-Key}, the trial run and the record in the audit log are done here, as for the directory's own.
 *
 * @param reading operations that change nothing, by id
 * @param changing operations that change something, by id
 * @param taking operations that change something and take long, by id: the directory waits for none of them. One that broke
 *     off may be made again under its Idempotency-Key, so it must be such that doing it twice leaves what doing it once does
 */
public record AdminPart(
        ApiDescription description,
        Map<String, Handler> reading,
        Map<String, Change> changing,
        Map<String, Change> taking) {

    /** With nothing that takes long. */
    public AdminPart(ApiDescription description, Map<String, Handler> reading, Map<String, Change> changing) {
        this(description, reading, changing, Map.of());
    }

    /** Makes a change in one transaction of its own. It must not change the directory meanwhile: that waits for it. */
    @FunctionalInterface
    public interface Change {
        /**
         * @throws dev.gatehouse.kernel.problem.ProblemException when it is refused; nothing is changed then
         */
        Changed make(ApiCall call, Actor actor, Mode mode);
    }

    public enum Mode {
        FOR_GOOD,
        /** Everything is done, and taken back. */
        TRIAL
    }

    /**
     * What a change did.
     *
     * @param status of the answer
     * @param answer null for none
     * @param subject the id or name of what was changed
     * @param tenant whom it concerns; null for nobody
     * @param before as it may be shown; null when there was nothing
     * @param after as it may be shown; null when nothing is left
     */
    public record Changed(
            int status,
            @Nullable Object answer,
            String subject,
            @Nullable TenantId tenant,
            @Nullable Object before,
            @Nullable Object after) {}

    public AdminPart {
        reading = Map.copyOf(reading);
        changing = Map.copyOf(changing);
        taking = Map.copyOf(taking);
    }
}
