package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.turn.AnswerPace;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pace of answers to each address, while no tenant is known. Remembers {@link #MOST} addresses that are not at rest; all
 * further ones share a pace of {@link #SHARED_PER_SECOND}, so that many addresses are no way around it. Shared by all event
 * loops.
 */
final class AddressPaces {
    static final int MOST = 10_000;
    static final int SHARED_PER_SECOND = 2_000;

    private final Map<Object, AnswerPace> paces = new ConcurrentHashMap<>();
    private final AnswerPace others;

    AddressPaces(long nowNanos) {
        others = new AnswerPace(SHARED_PER_SECOND, SHARED_PER_SECOND, nowNanos);
    }

    /**
     * Takes the next place in the address's row.
     *
     * @return nanoseconds that the answer has to wait; 0 when it need not
     */
    long take(String address, long nowNanos) {
        Object who = AddressGroup.of(address);
        AnswerPace pace = paces.get(who);
        if (pace == null) {
            pace = paces.size() >= MOST ? others : paces.computeIfAbsent(who, w -> AnswerPace.ofUnpaid(nowNanos));
        }
        return pace.take(nowNanos);
    }

    /** Forgets who has been quiet. */
    void sweep(long nowNanos) {
        paces.values().removeIf(pace -> pace.isAtRest(nowNanos));
    }

    int remembered() {
        return paces.size();
    }
}
