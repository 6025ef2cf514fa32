package dev.gatehouse.runtime.api;

import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Serves a description: each operation by the handler named for its id, behind the description's own validation. */
public final class ApiRouter {

    /** Answers a call that was found valid; runs on a virtual thread of its own. */
    @FunctionalInterface
    public interface Handler {
        Response handle(ApiCall call) throws Exception;
    }

    private ApiRouter() {}

    /**
     * Adds the description's operations to {@code router}.
     *
     * @param handlers by operation id
     * @throws IllegalArgumentException when an operation has no handler, or a handler no operation
     */
    public static void mount(Router router, ApiDescription description, Map<String, Handler> handlers) {
        Set<String> unused = new HashSet<>(handlers.keySet());
        for (ApiOperation operation : description.operations()) {
            Handler handler = handlers.get(operation.id());
            if (handler == null) {
                throw new IllegalArgumentException("no handler for operation " + operation.id());
            }
            unused.remove(operation.id());
            RequestValidation validation = new RequestValidation(operation);
            router.on(operation.method(), operation.path(), request -> handler.handle(validation.validate(request)));
        }
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException("no operation for the handlers " + unused);
        }
    }
}
