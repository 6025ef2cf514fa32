package dev.gatehouse.gateway;

import dev.gatehouse.kernel.identity.InternalSecrets;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway is told at its start.
 *
 * @param node the gateway's name, unique in the installation and the same after a restart; 1-40 of {@code [a-z0-9-]}
 * @param host the address to bind to
 * @param port 0 for any free one
 * @param loops event loops that serve; each is a producer of usage events
 * @param redis as in {@code redis://127.0.0.1:6379}
 * @param directory the directory's internal base address
 * @param folder where the snapshot's copy and the access log live
 * @param edge what the outside may do
 * @param tls the certificate; null for plain HTTP
 * @param drain how long calls in flight are waited for at a shutdown
 */
public record GatewaySettings(
        String node,
        String host,
        int port,
        int loops,
        String redis,
        URI directory,
        InternalSecrets secrets,
        Path folder,
        Edge edge,
        @Nullable Tls tls,
        Duration drain) {

    /**
     * @param trustedProxies addresses and ranges of proxies whose word about the client's address counts
     * @param addressHeader the one header in which those proxies say it; what other headers say is anybody's word
     * @param proxyProtocol whether connections start with the PROXY protocol; then all other peers than trusted proxies are refused
     * @param clearText what is spoken where there is no TLS
     * @param maxHeadBytes of a request's headers
     * @param maxTargetBytes of a request line
     * @param maxBodyBytes of a request's body
     * @param idle after which silent connections are closed
     * @param caps what one tenant and one address may hold
     */
    public record Edge(
            List<String> trustedProxies,
            String addressHeader,
            ProxyProtocol proxyProtocol,
            ClearText clearText,
            int maxHeadBytes,
            int maxTargetBytes,
            long maxBodyBytes,
            Duration idle,
            Caps caps) {
        public Edge {
            trustedProxies = List.copyOf(trustedProxies);
            if (!addressHeader.matches("[A-Za-z][A-Za-z0-9-]{0,63}")) {
                throw new IllegalArgumentException("\"" + addressHeader + "\" is no name of a header");
            }
            if (proxyProtocol == ProxyProtocol.REQUIRED && trustedProxies.isEmpty()) {
                throw new IllegalArgumentException(
                        "the PROXY protocol needs gatehouse.gateway.trusted-proxies: the addresses of the load"
                                + " balancers that are believed");
            }
        }

        /** 16 KiB of headers, 8 KiB of request line, 16 MiB of body, a minute of silence, no proxy trusted. */
        public static Edge standard() {
            return new Edge(
                    List.of(),
                    "X-Forwarded-For",
                    ProxyProtocol.NONE,
                    ClearText.HTTP_1,
                    16 * 1024,
                    8 * 1024,
                    16L << 20,
                    Duration.ofSeconds(60),
                    Caps.standard());
        }
    }

    /**
     * What one tenant, and one address while its tenant is not known, may hold of this gateway.
     *
     * @param longestWait of a call for its turn, when the tenant's plan or the pool has no room
     * @param maxStreams open event streams of a tenant
     * @param maxConnections of a tenant
     * @param maxConnectionsOfAddress of one client address; trusted proxies have no such limit
     * @param maxConnectionsInAll of this gateway, kept below the process's file descriptors
     * @param firstHead within which a new connection has to bring its first request's head
     * @param bodySilence for which a body may pause
     * @param bodyBytesPerSecond that a body has to bring on average after its first 10 s
     * @param readStall for which a client may read nothing of its answer
     */
    public record Caps(
            Duration longestWait,
            int maxStreams,
            int maxConnections,
            int maxConnectionsOfAddress,
            int maxConnectionsInAll,
            Duration firstHead,
            Duration bodySilence,
            int bodyBytesPerSecond,
            Duration readStall) {

        /**
         * A second of waiting, 100 streams, 1,000 connections a tenant, 2,000 an address, 20,000 in all, 15 s for the first
         * head, 10 s of silence, 512 bytes a second, 30 s without reading.
         */
        public static Caps standard() {
            return new Caps(
                    Duration.ofSeconds(1),
                    100,
                    1_000,
                    2_000,
                    20_000,
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(10),
                    512,
                    Duration.ofSeconds(30));
        }
    }

    /** What a gateway without TLS speaks; with TLS it is always both. */
    public enum ClearText {
        /** The default: an upgrade to HTTP/2 in the clear is a way around proxies that check requests (h2c smuggling). */
        HTTP_1,
        /** HTTP/2 as well, by prior knowledge. An offer to upgrade is declined: RFC 9113 has done away with it. */
        HTTP_1_AND_2
    }

    /** Whether a load balancer says before each connection's first byte whose it is. */
    public enum ProxyProtocol {
        NONE,
        REQUIRED
    }

    /** PEM files. */
    public record Tls(Path certificate, Path key) {}

    public GatewaySettings {
        if (!node.matches("[a-z0-9-]{1,40}")) {
            throw new IllegalArgumentException("the gateway's name \"" + node + "\" must be 1-40 of a-z, 0-9 and -");
        }
        if (loops < 1 || loops > 64) {
            throw new IllegalArgumentException("a gateway has 1 to 64 event loops, not " + loops);
        }
    }
}
