package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.GatewaySettings;

/**
 * How slow a call's client is, in sending its body and in reading its answer. Time in which the service holds the stream
 * up is not the client's. Belongs to one event loop.
 */
final class ClientPace {
    private static final long NOTICED_NANOS = 100_000_000L;
    private static final long GRACE_NANOS = 10_000_000_000L;
    private static final long NOT = Long.MIN_VALUE;

    private final GatewaySettings.Caps caps;
    private long bodySince = NOT;
    private long bodyWaited;
    private long received;
    private long readSince = NOT;

    ClientPace(GatewaySettings.Caps caps) {
        this.caps = caps;
    }

    /** The next piece of the body is the client's to send. */
    void awaitBody(long nowNanos) {
        bodySince = nowNanos;
    }

    void bodyCame(int bytes, long nowNanos) {
        received += bytes;
        if (bodySince != NOT) {
            bodyWaited += nowNanos - bodySince;
            bodySince = nowNanos;
        }
    }

    /** The service takes no more for now, or the body has ended. */
    void bodyHeld(long nowNanos) {
        if (bodySince != NOT) {
            bodyWaited += nowNanos - bodySince;
            bodySince = NOT;
        }
    }

    boolean awaitsBody() {
        return bodySince != NOT;
    }

    long received() {
        return received;
    }

    /** The client's buffers are full. */
    void answerHeld(long nowNanos) {
        if (readSince == NOT) {
            readSince = nowNanos;
        }
    }

    void answerFlows() {
        readSince = NOT;
    }

    boolean holdsAnswer() {
        return readSince != NOT;
    }

    /** Whether the client keeps its service waiting for longer than a busy network does. */
    boolean isSlow(long nowNanos) {
        return (bodySince != NOT && nowNanos - bodySince > NOTICED_NANOS)
                || (readSince != NOT && nowNanos - readSince > NOTICED_NANOS);
    }

    /** Whether the body comes so slowly that it is not waited for any longer. */
    boolean isBodyTooSlow(long nowNanos) {
        if (bodySince == NOT) {
            return false;
        }
        long silent = nowNanos - bodySince;
        long waited = bodyWaited + silent;
        return silent > caps.bodySilence().toNanos()
                || (waited > GRACE_NANOS && received < waited / 1_000_000_000L * caps.bodyBytesPerSecond());
    }

    /** Whether the client has read nothing for longer than it may. */
    boolean isReadTooSlow(long nowNanos) {
        return readSince != NOT && nowNanos - readSince > caps.readStall().toNanos();
    }
}
