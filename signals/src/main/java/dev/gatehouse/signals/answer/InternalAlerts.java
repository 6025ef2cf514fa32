package dev.gatehouse.signals.answer;

import dev.gatehouse.kernel.signal.SavedAlert;
import dev.gatehouse.runtime.http.Request;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import java.util.function.BiFunction;

/** Says every tenant's alerts to other processes of the installation, by the version of their last change. */
public final class InternalAlerts {
    private static final int MOST = 1_000;

    private final BiFunction<Long, Integer, SavedAlert.Page> changes;

    /** @param changes after a version, at most so many */
    public InternalAlerts(BiFunction<Long, Integer, SavedAlert.Page> changes) {
        this.changes = changes;
    }

    public void mount(Router router) {
        router.get(SavedAlert.PATH, this::after);
    }

    private Response after(Request request) {
        String after = request.parameter("after").orElse("0");
        if (!after.matches("[0-9]{1,18}")) {
            throw Faults.parameter("after", "must be a version, as in 0");
        }
        return Response.ok(changes.apply(Long.parseLong(after), MOST));
    }
}
