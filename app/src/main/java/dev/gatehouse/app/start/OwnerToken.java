package dev.gatehouse.app.start;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.http.Endpoint;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Lets through who holds the token in the installation's folder. */
final class OwnerToken {
    private static final String SCHEME = "Bearer ";

    private final byte[] token;

    OwnerToken(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    Endpoint guard(Endpoint endpoint) {
        return request -> {
            String header = request.header("authorization").orElse("");
            if (!header.startsWith(SCHEME)) {
                throw new ProblemException(
                        ProblemCode.TOKEN_MISSING, "Send an operator token as Authorization: Bearer TOKEN.");
            }
            byte[] given = header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
            if (!MessageDigest.isEqual(token, given)) {
                throw new ProblemException(
                        ProblemCode.TOKEN_UNKNOWN, "This operator token is not known to this process.");
            }
            return endpoint.handle(request);
        };
    }
}
