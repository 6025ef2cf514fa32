package dev.gatehouse.gateway.edge;

import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.identity.CallerSeal;
import dev.gatehouse.kernel.identity.CallerToken;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalSecrets;
import java.util.IdentityHashMap;
import java.util.Map;

/** The seals of one event loop, one for each route: an entry is never changed, only replaced by another object. */
final class CallerSeals {
    private static final int MOST = 4_096;

    private final InternalSecrets secrets;
    private final Map<RouteEntry, CallerSeal> made = new IdentityHashMap<>();

    CallerSeals(InternalSecrets secrets) {
        this.secrets = secrets;
    }

    CallerSeal of(RouteEntry route) {
        CallerSeal seal = made.get(route);
        if (seal == null) {
            if (made.size() >= MOST) {
                // those of routes that were replaced since
                made.clear();
            }
            seal = make(route);
            made.put(route, seal);
        }
        return seal;
    }

    private CallerSeal make(RouteEntry route) {
        if (route.isInternal()) {
            return new IdentitySeal(secrets, route.service());
        }
        String keyId = route.secretId();
        return new CallerToken(route.name(), keyId, secrets.routeSecret(route.name(), keyId));
    }
}
