package dev.gatehouse.directory;

import dev.gatehouse.runtime.http.OwnHosts;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the directory runs.
 *
 * @param host what the admin API binds to; the internal interface is on loopback
 * @param adminPort 0 for a free one
 * @param internalPort 0 for a free one
 * @param plans the plans file; null for the bundled plans
 * @param ownerToken text of the operator token of the installation's owner, with role admin; null for none
 * @param poolSize database connections at the most
 * @param hosts that the admin API answers to
 */
public record DirectorySettings(
        String host,
        int adminPort,
        int internalPort,
        @Nullable Path plans,
        @Nullable String ownerToken,
        int poolSize,
        OwnHosts hosts) {

    /** One that answers to loopback and to its own address. */
    public DirectorySettings(
            String host,
            int adminPort,
            int internalPort,
            @Nullable Path plans,
            @Nullable String ownerToken,
            int poolSize) {
        this(host, adminPort, internalPort, plans, ownerToken, poolSize, OwnHosts.loopback());
    }

    /** Loopback, the given port for the admin API, the bundled plans. */
    public static DirectorySettings loopback(int adminPort, @Nullable String ownerToken) {
        return new DirectorySettings("127.0.0.1", adminPort, 0, null, ownerToken, 8);
    }

    @Override
    public String toString() {
        return "DirectorySettings[" + host + ":" + adminPort + ", plans " + (plans == null ? "bundled" : plans) + "]";
    }
}
