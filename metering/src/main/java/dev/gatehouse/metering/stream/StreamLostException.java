package dev.gatehouse.metering.stream;

/** Stream or group are not there any more: Redis has lost its memory, and the gateways will ship again. */
public final class StreamLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StreamLostException(String stream, Throwable cause) {
        super("stream " + stream + " or its group is gone", cause);
    }
}
