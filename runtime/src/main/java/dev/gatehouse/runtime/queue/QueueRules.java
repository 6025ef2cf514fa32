package dev.gatehouse.runtime.queue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What Amazon SQS and ElasticMQ both take, checked before either is asked: what runs on the embedded queue must run on
 * Amazon's. Where the two differ, the stricter rule holds; docs/queue.md compares them.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html">SQS
 *     message quotas</a>
 */
final class QueueRules {
    /** Amazon takes four times as much today and took this for years; ElasticMQ takes this. */
    static final int MOST_BYTES = 256 * 1024;

    static final int MOST_AT_ONCE = 10;
    static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
    static final Duration LONGEST_VISIBILITY = Duration.ofHours(12);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,80}");
    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9\\p{Punct}]{1,128}");

    private QueueRules() {}

    /** @param name of the queue; leaves room for the name of its dead letters */
    static void name(String name) {
        require(NAME.matcher(name + "-dead").matches(), "a queue's name is 1 to 75 letters, digits, - and _", name);
    }

    static void visibility(Duration visibility) {
        require(
                !visibility.isNegative() && visibility.compareTo(LONGEST_VISIBILITY) <= 0,
                "a message can be hidden for up to 12 hours",
                visibility);
    }

    static void send(String group, String body, Duration delay) {
        require(GROUP.matcher(group).matches(), "a group is 1 to 128 letters, digits and punctuation marks", group);
        int bytes = body.getBytes(StandardCharsets.UTF_8).length;
        require(bytes > 0 && bytes <= MOST_BYTES, "a message has 1 to " + MOST_BYTES + " bytes", bytes);
        require(
                body.codePoints().allMatch(QueueRules::isXml),
                "a message holds only characters that XML 1.0 takes",
                "another");
        require(
                !delay.isNegative() && delay.compareTo(Queue.MAX_DELAY) <= 0,
                "a message can be delayed by 0 s to 900 s",
                delay);
        require(delay.getNano() == 0, "a delay is whole seconds", delay);
    }

    static void receive(int max, Duration wait) {
        require(max >= 1 && max <= MOST_AT_ONCE, "1 to 10 messages are received at once", max);
        require(!wait.isNegative() && wait.compareTo(LONGEST_WAIT) <= 0, "a receive waits for at most 20 s", wait);
    }

    /** {@code #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF}. */
    private static boolean isXml(int c) {
        return c == 0x9
                || c == 0xA
                || c == 0xD
                || (c >= 0x20 && c <= 0xD7FF)
                || (c >= 0xE000 && c <= 0xFFFD)
                || c >= 0x10000;
    }

    private static void require(boolean holds, String rule, Object found) {
        if (!holds) {
            throw new IllegalArgumentException("SQS: " + rule + ", not " + found);
        }
    }
}
