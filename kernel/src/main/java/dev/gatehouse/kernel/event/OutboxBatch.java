package dev.gatehouse.kernel.event;

import java.util.List;

/**
 * What one transaction of a service has to say: at most 500 events under one dense position.
 *
 * @param service whose outbox
 * @param position dense from 1 within the service, in commit order
 */
public record OutboxBatch(String service, long position, List<DomainEvent> events) {
    public static final int MAX_EVENTS = 500;

    public OutboxBatch {
        events = List.copyOf(events);
    }
}
