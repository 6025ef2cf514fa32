package dev.gatehouse.kernel.usage;

import dev.gatehouse.kernel.id.TenantId;
import java.time.LocalDate;

/**
 * The names in Redis on which gateways and the ledger's writer agree. Keys of one shard, and keys of one tenant, share a
 * hash tag and so a slot of a cluster.
 */
public final class UsageStreams {
    /** The writer's consumer group. */
    public static final String GROUP = "ledger";

    /** Shards of a new installation. Every process of an installation has to use the same number. */
    public static final int DEFAULT_SHARDS = 2;

    /** Refused calls of a tenant that are kept in full. */
    public static final int REFUSED_KEPT = 1_000;

    private UsageStreams() {}

    /** The shard of all that a producer makes. */
    public static int shardOf(String producer, int shards) {
        return Math.floorMod(producer.hashCode(), shards);
    }

    /** The stream of {@link UsageBatch} entries of a shard. */
    public static String stream(int shard) {
        return "gatehouse:{usage:" + shard + "}:stream";
    }

    /**
     * A hash from {@link #committedField} to the last sequence number up to which, without a hole, the ledger holds all.
     */
    public static String committed(int shard) {
        return "gatehouse:{usage:" + shard + "}:committed";
    }

    /** A hash from {@link #committedField} to the last sequence number that the gateway has written into its journal. */
    public static String journaled(int shard) {
        return "gatehouse:{usage:" + shard + "}:journaled";
    }

    /**
     * A hash from a process's name to how often it has looked. A process that finds another number than it left knows that
     * Redis has lost its memory, or a part of it, as after a failover to a replica that lagged.
     */
    public static String beats(int shard) {
        return "gatehouse:{usage:" + shard + "}:beats";
    }

    /** The field of {@link #committed} of one sequence; {@code kind} is {@code USAGE} or {@code REFUSALS}. */
    public static String committedField(UsageBatch.Kind kind, String producer, long epoch) {
        return (kind == UsageBatch.Kind.USAGE ? "u" : "r") + ':' + epoch + ':' + producer;
    }

    /**
     * A text by chance, set once when absent. When a process finds another than it saw before, or none, Redis has lost its
     * memory, and all that is not committed is shipped again.
     */
    public static String incarnation(int shard) {
        return "gatehouse:{usage:" + shard + "}:incarnation";
    }

    /**
     * A hash of what a tenant used on a UTC day, as the gateways count it: {@code calls, units}, and the same for each key
     * and operation under {@link #keyCalls} and its sisters. Kept for three days.
     */
    public static String counters(TenantId tenant, LocalDate day) {
        return "gatehouse:{" + tenant.value() + "}:usage:" + day;
    }

    /** A text that a gateway sets anew when counters and quotas in Redis may be too low: it has lost its memory, or was away. */
    public static String recount() {
        return "gatehouse:{usage:0}:recount";
    }

    /** A list of the tenant's last {@link #REFUSED_KEPT} refused calls, {@link RefusedCallCodec} frames, the newest first. */
    public static String refused(TenantId tenant) {
        return "gatehouse:{" + tenant.value() + "}:refused";
    }

    /** Bucket and quota of a tenant: four little-endian doubles, used ticks, microseconds, used units, UTC day. */
    public static String levels(TenantId tenant) {
        return "gatehouse:{" + tenant.value() + "}:levels";
    }

    /** What a key used of its share: two little-endian doubles, used units, UTC day. */
    public static String share(TenantId tenant, String key) {
        return "gatehouse:{" + tenant.value() + "}:share:" + key;
    }

    /** Calls of one key, a field of {@link #counters}. */
    public static String keyCalls(String key) {
        return "k:" + key + ":calls";
    }

    /** Charged units of one key, a field of {@link #counters}. */
    public static String keyUnits(String key) {
        return "k:" + key + ":units";
    }

    /** Calls of one operation, a field of {@link #counters}. */
    public static String operationCalls(String operation) {
        return "o:" + operation + ":calls";
    }

    /** Charged units of one operation, a field of {@link #counters}. */
    public static String operationUnits(String operation) {
        return "o:" + operation + ":units";
    }
}
