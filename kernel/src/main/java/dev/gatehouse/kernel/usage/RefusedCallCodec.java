package dev.gatehouse.kernel.usage;

import dev.gatehouse.kernel.plan.Limits;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a {@link RefusedCall} in Redis, by the rules of {@link UsageEventCodec}. An instance reuses one buffer: it
 * belongs to one thread.
 */
public final class RefusedCallCodec {
    /** No frame is longer. */
    public static final int MAX_FRAME = 8_192;

    private static final int VERSION = 0x10;
    private static final int MAX_TEXT = 128;
    private static final int MAX_PATH = 256;
    private static final int MAX_DETAIL = 512;
    private static final int ID_PREFIX = 4;
    private static final int ID_BODY = 26;
    private static final int HAS_CLIENT_REQUEST_ID = 1;
    private static final int HAS_OPERATION = 2;
    private static final int HAS_LEVELS = 4;
    private static final int DEGRADED = 8;

    private final FrameWriter out = new FrameWriter(MAX_FRAME);

    public byte[] encode(RefusedCall call) {
        AdmissionRecord levels = call.levels();
        FrameWriter w = out;
        w.reset();
        w.octet(VERSION);
        w.octet((call.clientRequestId() != null ? HAS_CLIENT_REQUEST_ID : 0)
                | (call.operation() != null ? HAS_OPERATION : 0)
                | (levels != null ? HAS_LEVELS : 0)
                | (levels != null && levels.degraded() ? DEGRADED : 0));
        w.textFrom(call.tenant().value(), ID_PREFIX, ID_BODY);
        w.textFrom(call.key().value(), ID_PREFIX, ID_BODY);
        w.signed(call.at().toEpochMilli());
        w.text(call.requestId(), MAX_TEXT);
        optional(call.clientRequestId());
        w.text(call.code(), MAX_TEXT);
        w.signed(call.status());
        w.text(call.detail(), MAX_DETAIL);
        w.text(call.method(), MAX_TEXT);
        w.text(call.path(), MAX_PATH);
        optional(call.operation());
        w.signed(call.cost());
        w.signed(call.retryAfterSeconds());
        w.signed(call.limits().daily());
        w.signed(call.limits().refillPerMinute());
        w.signed(call.limits().burst());
        if (levels != null) {
            w.signed(levels.bucketBeforeMilli());
            w.signed(levels.bucketAfterMilli());
            w.signed(levels.quotaUsedBefore());
            w.signed(levels.quotaUsedAfter());
        }
        return w.copy();
    }

    private void optional(@Nullable String text) {
        if (text != null) {
            out.text(text, MAX_TEXT);
        }
    }

    public static RefusedCall decode(byte[] bytes) throws MalformedUsageException {
        FrameReader in = new FrameReader(bytes, 0, bytes.length);
        int version = in.octet();
        if (version >>> 4 != VERSION >>> 4) {
            throw new MalformedUsageException("layout version " + (version >>> 4) + " is not known");
        }
        int flags = in.octet();
        return new RefusedCall(
                UsageEventCodec.tenant(in.text(ID_BODY, "tenant")),
                UsageEventCodec.key(in.text(ID_BODY, "key")),
                Instant.ofEpochMilli(in.signed()),
                in.text(MAX_TEXT, "request id"),
                (flags & HAS_CLIENT_REQUEST_ID) != 0 ? in.text(MAX_TEXT, "client request id") : null,
                in.text(MAX_TEXT, "code"),
                (int) in.signed(),
                in.text(MAX_DETAIL, "detail"),
                in.text(MAX_TEXT, "method"),
                in.text(MAX_PATH, "path"),
                (flags & HAS_OPERATION) != 0 ? in.text(MAX_TEXT, "operation") : null,
                in.signed(),
                in.signed(),
                limits(in),
                (flags & HAS_LEVELS) != 0 ? levels(in, (flags & DEGRADED) != 0) : null);
    }

    private static Limits limits(FrameReader in) throws MalformedUsageException {
        try {
            return new Limits(in.signed(), in.signed(), in.signed());
        } catch (IllegalArgumentException e) {
            throw new MalformedUsageException("limits that cannot be: " + e.getMessage());
        }
    }

    private static AdmissionRecord levels(FrameReader in, boolean degraded) throws MalformedUsageException {
        return new AdmissionRecord(in.signed(), in.signed(), in.signed(), in.signed(), degraded);
    }
}
