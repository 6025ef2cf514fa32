package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.authenticate.Authentication;
import dev.gatehouse.gateway.authenticate.Authenticator;
import dev.gatehouse.gateway.route.Operation;
import dev.gatehouse.gateway.snapshot.Digest;
import dev.gatehouse.gateway.snapshot.DirectoryIndex;
import dev.gatehouse.gateway.standing.Caller;
import dev.gatehouse.gateway.standing.Standing;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends answers that go on after their key has ended: an event stream, or a long download. A key is checked when a call comes
 * in; what is still open is checked again, so that a revocation, an expiry, the end of a rotation, a lost scope or the
 * suspension of the tenant stops it, too.
 */
final class StandingWatch {
    /** With the quarter of a second between two polls of the directory, nothing goes on for a second. */
    static final long TICK_MILLIS = 250;

    private final DirectoryIndex index;

    StandingWatch(DirectoryIndex index) {
        this.index = index;
    }

    void check(InFlight calls, long nowMillis) {
        for (Exchange exchange : calls.all()) {
            if (exchange.isAnswering() && !isAllowed(exchange.call(), nowMillis)) {
                exchange.cutOff();
            }
        }
    }

    private boolean isAllowed(Call call, long nowMillis) {
        Standing standing = call.standing;
        if (standing == null) {
            return true;
        }
        Caller caller = index.find(Digest.ofHex(standing.key().hash()));
        return caller != null
                && Authenticator.check(caller, call.address, nowMillis) instanceof Authentication.Known
                && holdsScope(caller.key().scopes(), call.operation);
    }

    private static boolean holdsScope(Set<String> scopes, @Nullable Operation operation) {
        String scope = operation == null ? null : operation.scope();
        return scope == null || scopes.contains("*") || scopes.contains(scope);
    }
}
