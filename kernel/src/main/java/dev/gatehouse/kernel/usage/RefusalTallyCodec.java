package dev.gatehouse.kernel.usage;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a {@link RefusalTally}, by the rules of {@link UsageEventCodec}. An instance reuses one buffer: it belongs
 * to one thread.
 */
public final class RefusalTallyCodec {
    /** No frame is longer. */
    public static final int MAX_FRAME = 512;

    private static final int VERSION = 0x10;
    private static final int MAX_CODE = 64;
    private static final int ID_PREFIX = 4;
    private static final int ID_BODY = 26;
    private static final int HAS_TENANT = 1;
    private static final int HAS_KEY = 2;

    private final FrameWriter out = new FrameWriter(MAX_FRAME);

    /** Encodes into {@link #buffer()} and returns the frame's length; the frame is good until the next call. */
    public int encode(RefusalTally tally) {
        TenantId tenant = tally.tenant();
        KeyId key = tally.key();
        FrameWriter w = out;
        w.reset();
        w.octet(VERSION);
        w.octet((tenant != null ? HAS_TENANT : 0) | (key != null ? HAS_KEY : 0));
        if (tenant != null) {
            w.textFrom(tenant.value(), ID_PREFIX, ID_BODY);
        }
        if (key != null) {
            w.textFrom(key.value(), ID_PREFIX, ID_BODY);
        }
        w.text(tally.code(), MAX_CODE);
        w.signed(tally.second().getEpochSecond());
        w.signed(tally.count());
        return w.length();
    }

    /** Where {@link #encode} put the frame, from index 0. */
    public byte[] buffer() {
        return out.bytes();
    }

    /** The tally in {@code length} octets of {@code bytes} from {@code offset}. */
    public static RefusalTally decode(String producer, long epoch, long seq, byte[] bytes, int offset, int length)
            throws MalformedUsageException {
        if (length > MAX_FRAME) {
            throw new MalformedUsageException("a tally of " + length + " octets: more than " + MAX_FRAME);
        }
        FrameReader in = new FrameReader(bytes, offset, length);
        int version = in.octet();
        if (version >>> 4 != VERSION >>> 4) {
            throw new MalformedUsageException("layout version " + (version >>> 4) + " is not known");
        }
        int flags = in.octet();
        @Nullable
        TenantId tenant = (flags & HAS_TENANT) != 0 ? UsageEventCodec.tenant(in.text(ID_BODY, "tenant")) : null;
        @Nullable KeyId key = (flags & HAS_KEY) != 0 ? UsageEventCodec.key(in.text(ID_BODY, "key")) : null;
        String code = in.text(MAX_CODE, "code");
        long second = in.signed();
        if (second < 0 || second > MAX_SECOND) {
            throw new MalformedUsageException("second " + second + " is out of range");
        }
        return new RefusalTally(producer, epoch, seq, tenant, key, code, Instant.ofEpochSecond(second), in.signed());
    }

    /** The last second of the year 9999. */
    private static final long MAX_SECOND = 253_402_300_799L;
}
