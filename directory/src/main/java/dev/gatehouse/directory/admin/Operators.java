package dev.gatehouse.directory.admin;

import dev.gatehouse.directory.store.DirectoryStore;
import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.http.Request;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells by the token who calls, and whether the role allows it. */
public final class Operators {
    private static final String SCHEME = "bearer ";
    private static final int LONGEST = 200;

    private final DirectoryStore store;
    private final byte @Nullable [] owner;
    private final InstantSource clock;

    /** @param ownerToken text of the token of the installation's owner; null for none */
    public Operators(DirectoryStore store, @Nullable String ownerToken, InstantSource clock) {
        this.store = store;
        this.owner = ownerToken == null ? null : ApiKey.hash(ownerToken);
        this.clock = clock;
    }

    /** @throws ProblemException 401 without a valid token, 403 when its role is none of {@code allowed} */
    Operator require(Request request, Set<OperatorRole> allowed) {
        Operator operator = authenticate(request);
        if (!allowed.contains(operator.role())) {
            throw new ProblemException(
                    ProblemCode.ROLE_INSUFFICIENT,
                    "The role " + operator.role().text() + " does not allow this. It takes one of: "
                            + String.join(
                                    ", ",
                                    allowed.stream()
                                            .sorted()
                                            .map(OperatorRole::text)
                                            .toList())
                            + ".");
        }
        return operator;
    }

    /**
     * Says who calls, by the head of a request alone.
     *
     * @throws ProblemException 401 without a valid token
     */
    public Operator authenticate(Request request) {
        String header = request.header("authorization").orElse("");
        if (!header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw new ProblemException(
                    ProblemCode.TOKEN_MISSING, "Send an operator token as Authorization: Bearer TOKEN.");
        }
        String text = header.substring(SCHEME.length()).strip();
        if (text.length() <= LONGEST) {
            if (owner != null && MessageDigest.isEqual(owner, ApiKey.hash(text))) {
                return new Operator("operator:owner", OperatorRole.ADMIN);
            }
            Optional<OperatorToken> token =
                    store.asSystem(session -> session.operators().findByHash(ApiKey.hashHex(text)));
            if (token.isPresent() && token.get().isValid(clock.instant())) {
                return new Operator("operator:" + token.get().id(), token.get().role());
            }
        }
        throw new ProblemException(
                ProblemCode.TOKEN_UNKNOWN,
                "This operator token is not known, or it is revoked or expired. Ask an operator with role admin for"
                        + " another.");
    }
}
