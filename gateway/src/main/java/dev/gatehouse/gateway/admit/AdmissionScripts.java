package dev.gatehouse.gateway.admit;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.UsageStreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The Lua scripts in which Redis decides and settles, and the names of what they keep. All keys of a tenant share a hash
 * tag and so a slot of a cluster.
 */
final class AdmissionScripts {
    static final String ADMIT = resource("admit.lua");
    static final String SETTLE = resource("settle.lua");
    static final String ADMIT_SHA = sha1(ADMIT);
    static final String SETTLE_SHA = sha1(SETTLE);

    private AdmissionScripts() {}

    /** Bucket and quota of a tenant: four little-endian doubles, used ticks, microseconds, used units, UTC day. */
    static String levelsKey(TenantId tenant) {
        return UsageStreams.levels(tenant);
    }

    /** What a key used of its share: two little-endian doubles, used units, UTC day. */
    static String shareKey(TenantId tenant, KeyId key) {
        return UsageStreams.share(tenant, key.value());
    }

    private static String resource(String name) {
        try (InputStream in = AdmissionScripts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the script " + name + " is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the script " + name + " cannot be read", e);
        }
    }

    private static String sha1(String script) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(script.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-1", e);
        }
    }
}
