package dev.gatehouse.gateway.edge;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The calls of one event loop that are not answered yet. */
final class InFlight {
    private final Set<Exchange> exchanges = new LinkedHashSet<>();

    void add(Exchange exchange) {
        exchanges.add(exchange);
    }

    void remove(Exchange exchange) {
        exchanges.remove(exchange);
    }

    int size() {
        return exchanges.size();
    }

    void checkDeadlines(long nowNanos) {
        if (!exchanges.isEmpty()) {
            for (Exchange exchange : all()) {
                exchange.checkDeadline(nowNanos);
            }
        }
    }

    /** As they are now: what is done with one may take it out of the set. */
    List<Exchange> all() {
        return exchanges.isEmpty() ? List.of() : List.copyOf(exchanges);
    }

    List<String> requestIds() {
        List<String> ids = new ArrayList<>(exchanges.size());
        exchanges.forEach(exchange -> ids.add(exchange.call().requestId));
        return ids;
    }
}
