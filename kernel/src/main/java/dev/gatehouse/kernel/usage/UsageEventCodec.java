package dev.gatehouse.kernel.usage;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a {@link UsageEvent} in the journal and on the stream. Producer, epoch and seq are not in them: they stand
 * once in what carries the frame (a journal segment, a {@link UsageBatch}).
 *
 * <p>The first octet is the layout's major (high half) and minor (low half) version. A newer minor appends fields, which
 * an older reader skips; another major is refused. Numbers are zigzag varints, instants whole microseconds, texts an
 * octet a character unless they hold more than ASCII. Parameters and fields are bounded: what exceeds
 * {@link #MAX_NAMES} of either or the frame's room is left out of the frame, and the call is still counted.
 *
 * <p>An instance reuses one buffer: it belongs to one thread.
 */
public final class UsageEventCodec {
    /** No frame is longer. */
    public static final int MAX_FRAME = 16 * 1024;

    /** The most parameters, and the most fields, that a frame names. */
    public static final int MAX_NAMES = 128;

    private static final int VERSION = 0x10;
    private static final int MAX_TEXT = 512;
    private static final int MAX_NAME = 128;
    private static final int COUNTS = 4;
    private static final int ID_PREFIX = 4;
    private static final int ID_BODY = 26;
    private static final int BILLABLE = 1;
    private static final int DEGRADED = 2;
    private static final int LIVE = 4;
    private static final int HAS_CLIENT_REQUEST_ID = 8;
    private static final int HAS_UPSTREAM = 16;
    private static final Completion[] COMPLETIONS = Completion.values();
    private static final long MICROS = 1_000_000L;

    private final FrameWriter out = new FrameWriter(MAX_FRAME);

    /** Encodes into {@link #buffer()} and returns the frame's length; the frame is good until the next call. */
    public int encode(UsageEvent event) {
        FrameWriter w = out;
        w.reset();
        w.octet(VERSION);
        w.octet((event.billable() ? BILLABLE : 0)
                | (event.admission().degraded() ? DEGRADED : 0)
                | (event.mode() == KeyMode.LIVE ? LIVE : 0)
                | (event.clientRequestId() != null ? HAS_CLIENT_REQUEST_ID : 0)
                | (event.upstream() != null ? HAS_UPSTREAM : 0));
        w.octet(event.completion().ordinal());
        w.signed(micros(event.at()));
        w.text(event.id(), MAX_TEXT);
        w.textFrom(event.tenant().value(), ID_PREFIX, ID_BODY);
        w.textFrom(event.key().value(), ID_PREFIX, ID_BODY);
        w.text(event.plan(), MAX_TEXT);
        w.text(event.service(), MAX_TEXT);
        w.text(event.version(), MAX_TEXT);
        w.text(event.operation(), MAX_TEXT);
        w.text(event.method(), MAX_TEXT);
        w.signed(event.status());
        w.signed(event.cost());
        w.signed(event.charged());
        w.signed(event.requestBytes());
        w.signed(event.responseBytes());
        w.signed(event.upstreamMicros());
        w.signed(event.totalMicros());
        w.text(event.requestId(), MAX_TEXT);
        optional(event.clientRequestId());
        optional(event.upstream());
        AdmissionRecord admission = event.admission();
        w.signed(admission.bucketBeforeMilli());
        w.signed(admission.bucketAfterMilli());
        w.signed(admission.quotaUsedBefore());
        w.signed(admission.quotaUsedAfter());
        names(event.parameters(), (w.room() - COUNTS) / 2);
        names(event.fields(), w.room() - COUNTS);
        return w.length();
    }

    /** Where {@link #encode} put the frame, from index 0. */
    public byte[] buffer() {
        return out.bytes();
    }

    /** The event in {@code length} octets of {@code bytes} from {@code offset}. */
    public static UsageEvent decode(String producer, long epoch, long seq, byte[] bytes, int offset, int length)
            throws MalformedUsageException {
        if (length > MAX_FRAME) {
            throw new MalformedUsageException("a frame of " + length + " octets: more than " + MAX_FRAME);
        }
        FrameReader in = new FrameReader(bytes, offset, length);
        int version = in.octet();
        if (version >>> 4 != VERSION >>> 4) {
            throw new MalformedUsageException("layout version " + (version >>> 4) + " is not known");
        }
        int flags = in.octet();
        int completion = in.octet();
        if (completion >= COMPLETIONS.length) {
            throw new MalformedUsageException("completion " + completion + " is not known");
        }
        Instant at = instant(in.signed());
        String id = in.text(MAX_TEXT, "id");
        TenantId tenant = tenant(in.text(ID_BODY, "tenant"));
        KeyId key = key(in.text(ID_BODY, "key"));
        String plan = in.text(MAX_TEXT, "plan");
        String service = in.text(MAX_TEXT, "service");
        String apiVersion = in.text(MAX_TEXT, "version");
        String operation = in.text(MAX_TEXT, "operation");
        String method = in.text(MAX_TEXT, "method");
        long status = in.signed();
        if (status < 0 || status > 999) {
            throw new MalformedUsageException("status " + status + " is none");
        }
        long cost = in.signed();
        long charged = in.signed();
        long requestBytes = in.signed();
        long responseBytes = in.signed();
        long upstreamMicros = in.signed();
        long totalMicros = in.signed();
        String requestId = in.text(MAX_TEXT, "requestId");
        String clientRequestId = (flags & HAS_CLIENT_REQUEST_ID) != 0 ? in.text(MAX_TEXT, "clientRequestId") : null;
        String upstream = (flags & HAS_UPSTREAM) != 0 ? in.text(MAX_TEXT, "upstream") : null;
        AdmissionRecord admission =
                new AdmissionRecord(in.signed(), in.signed(), in.signed(), in.signed(), (flags & DEGRADED) != 0);
        List<String> parameters = names(in, "parameters");
        List<String> fields = names(in, "fields");
        return new UsageEvent(
                producer,
                epoch,
                seq,
                id,
                at,
                tenant,
                key,
                (flags & LIVE) != 0 ? KeyMode.LIVE : KeyMode.TEST,
                plan,
                service,
                apiVersion,
                operation,
                method,
                (int) status,
                COMPLETIONS[completion],
                cost,
                charged,
                (flags & BILLABLE) != 0,
                requestBytes,
                responseBytes,
                upstreamMicros,
                totalMicros,
                requestId,
                clientRequestId,
                upstream,
                admission,
                parameters,
                fields);
    }

    /**
     * Rewrites a frame in place for a call whose answer turned out not to be {@linkplain Completion#COMPLETE complete}
     * after the frame had been made. What remains charged stays as it is; such a call is not billable.
     */
    public static void amend(byte[] bytes, int offset, Completion completion) {
        bytes[offset + 1] &= (byte) ~BILLABLE;
        bytes[offset + 2] = (byte) completion.ordinal();
    }

    static long micros(Instant at) {
        return Math.addExact(Math.multiplyExact(at.getEpochSecond(), MICROS), at.getNano() / 1_000);
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000);
    }

    static TenantId tenant(String body) throws MalformedUsageException {
        try {
            return new TenantId(TenantId.PREFIX + "_" + body);
        } catch (IllegalArgumentException e) {
            throw new MalformedUsageException("the tenant's id is malformed");
        }
    }

    static KeyId key(String body) throws MalformedUsageException {
        try {
            return new KeyId(KeyId.PREFIX + "_" + body);
        } catch (IllegalArgumentException e) {
            throw new MalformedUsageException("the key's id is malformed");
        }
    }

    private void optional(@Nullable String text) {
        if (text != null) {
            out.text(text, MAX_TEXT);
        }
    }

    private void names(List<String> names, int room) {
        int fitting = 0;
        int limit = Math.min(names.size(), MAX_NAMES);
        while (fitting < limit && (room -= worst(names.get(fitting))) >= 0) {
            fitting++;
        }
        out.unsigned(fitting);
        for (int i = 0; i < fitting; i++) {
            out.text(names.get(i), MAX_NAME);
        }
    }

    private static int worst(String name) {
        return 3 * Math.min(name.length(), MAX_NAME) + 3;
    }

    private static List<String> names(FrameReader in, String what) throws MalformedUsageException {
        int count = in.count(MAX_NAMES, what);
        if (count == 0) {
            return List.of();
        }
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(in.text(MAX_NAME, what));
        }
        return names;
    }
}
