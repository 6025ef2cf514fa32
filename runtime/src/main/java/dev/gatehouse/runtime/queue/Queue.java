package dev.gatehouse.runtime.queue;

import java.time.Duration;
import java.util.List;

/** A standard SQS queue: at least once, in no order, fair between groups. */
public interface Queue {
    /** The longest delay that SQS takes. */
    Duration MAX_DELAY = Duration.ofMinutes(15);

    /** @param receipt what {@link #delete} needs; valid until the visibility timeout ends */
    record Message(String id, String receipt, String body) {}

    /**
     * @param group {@code MessageGroupId}, the tenant: SQS's fair queues keep a group with many messages from delaying others
     * @param delay at most {@link #MAX_DELAY}
     */
    void send(String group, String body, Duration delay);

    /** At most {@code max} (1 to 10) messages, waiting up to {@code wait} (at most 20 s) for the first. */
    List<Message> receive(int max, Duration wait);

    void delete(Message message);

    /** Messages waiting, in flight and delayed, as far as the queue knows. */
    long depth();
}
