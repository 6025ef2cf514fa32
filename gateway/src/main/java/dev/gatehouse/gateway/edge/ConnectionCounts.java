package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.standing.AddressRanges;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How many connections there are, in all and of each client by address. Shared by all event loops. */
final class ConnectionCounts {
    private final GatewaySettings.Caps caps;
    private final AddressRanges proxies;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<Object, AtomicInteger> ofAddress = new ConcurrentHashMap<>();
    private final LongAdder refused = new LongAdder();

    ConnectionCounts(GatewaySettings.Edge edge) {
        caps = edge.caps();
        proxies = AddressRanges.parse(edge.trustedProxies());
    }

    int all() {
        return all.get();
    }

    /** Connections that were closed at once, for one of the caps. */
    long refused() {
        return refused.sum();
    }

    /** Counts a new connection; false, and not counted, when there are too many. */
    boolean open(String address) {
        if (all.incrementAndGet() > caps.maxConnectionsInAll()) {
            all.decrementAndGet();
            refused.increment();
            return false;
        }
        // counted and forgotten under the map's lock of this address
        int[] own = new int[1];
        ofAddress.compute(AddressGroup.of(address), (a, count) -> {
            AtomicInteger known = count == null ? new AtomicInteger() : count;
            own[0] = known.incrementAndGet();
            return known;
        });
        if (own[0] > caps.maxConnectionsOfAddress() && (proxies.isEmpty() || !proxies.contains(address))) {
            close(address);
            refused.increment();
            return false;
        }
        return true;
    }

    void close(String address) {
        all.decrementAndGet();
        ofAddress.computeIfPresent(AddressGroup.of(address), (a, count) -> count.decrementAndGet() == 0 ? null : count);
    }
}
