package dev.gatehouse.app.start;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.api.AddedOperations;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.http.Request;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets through who holds the token in the installation's folder. */
final class OwnerToken {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerToken.class);
    private static final String SCHEME = "Bearer ";

    private final byte[] token;

    OwnerToken(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /** @throws ProblemException 401 without the token */
    void require(Request request) {
        String header = request.header("authorization").orElse("");
        if (!header.startsWith(SCHEME)) {
            throw new ProblemException(
                    ProblemCode.TOKEN_MISSING, "Send an operator token as Authorization: Bearer TOKEN.");
        }
        byte[] given = header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(token, given)) {
            throw new ProblemException(ProblemCode.TOKEN_UNKNOWN, "This operator token is not known to this process.");
        }
    }

    /** Serves a module's operations to whoever was let in. The directory's audit log is elsewhere, so the process's log has them. */
    void mount(Router router, AddedOperations added) {
        Map<String, ApiRouter.Handler> handlers = new HashMap<>(added.reads());
        added.changes()
                .forEach((id, change) -> handlers.put(id, call -> {
                    if (call.isOn("dryRun")) {
                        AddedOperations.Done would = change.preview(call);
                        Map<String, Object> answer = new LinkedHashMap<>();
                        answer.put("dryRun", true);
                        answer.put("before", would.before());
                        answer.put("after", would.after());
                        return Response.ok(answer);
                    }
                    AddedOperations.Done done = change.make(call);
                    LOG.info(
                            "the owner did {} on {}: {}",
                            id,
                            done.subject(),
                            call.text("reason").orElse("no reason given"));
                    return Response.ok(done.answer());
                }));
        ApiRouter.mount(router, added.description(), handlers);
    }
}
