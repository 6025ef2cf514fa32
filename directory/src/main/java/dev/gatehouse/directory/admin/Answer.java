package dev.gatehouse.directory.admin;

import dev.gatehouse.runtime.http.Response;
import org.jspecify.annotations.Nullable;

/**
 * What a change answers with.
 *
 * @param body null for none
 */
record Answer(int status, @Nullable Object body) {
    static Answer ok(Object body) {
        return new Answer(200, body);
    }

    static Answer created(Object body) {
        return new Answer(201, body);
    }

    static Answer gone() {
        return new Answer(204, null);
    }

    Response response() {
        return body == null ? Response.noContent() : Response.json(status, body);
    }
}
