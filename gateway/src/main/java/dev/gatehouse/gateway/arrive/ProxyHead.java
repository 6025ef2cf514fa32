package dev.gatehouse.gateway.arrive;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/**
 * What a load balancer says in the PROXY protocol before a connection's first octet, in both its versions. Reading takes any octets
 * and never throws: what is not by the letter is {@link Malformed}, as early as that is certain.
 *
 * @see <a href="https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt">The PROXY protocol, versions 1 and 2</a>
 */
public sealed interface ProxyHead {
    /** Octets of a line of version 1, with its end (section 2.1). */
    int MOST_V1 = 107;

    /** Octets of a head of version 2: addresses and some hundred octets of TLVs are sent in practice, 65 551 could be. */
    int MOST_V2 = 2_048;

    /** What has come is the beginning of a head. */
    record Partial() implements ProxyHead {}

    /** It is no head, or one that is not to be believed. */
    record Malformed(String why) implements ProxyHead {}

    /**
     * The head says nothing about a client (LOCAL, UNKNOWN, UNSPEC, a Unix socket): the connection is the balancer's own.
     *
     * @param length octets of the head
     */
    record Own(int length) implements ProxyHead {}

    /**
     * @param source the client
     * @param length octets of the head
     */
    record Client(InetSocketAddress source, int length) implements ProxyHead {}

    /** Reads from the buffer's reader index on, and leaves the index where it is. */
    static ProxyHead read(ByteBuf in) {
        int length = in.readableBytes();
        if (length == 0) {
            return new Partial();
        }
        if (startsWith(in, ProxyHeadV1.START)) {
            return length < ProxyHeadV1.START.length ? new Partial() : ProxyHeadV1.read(in);
        }
        if (startsWith(in, ProxyHeadV2.SIGNATURE)) {
            return length < ProxyHeadV2.SIGNATURE.length ? new Partial() : ProxyHeadV2.read(in);
        }
        return new Malformed("it does not begin with the PROXY protocol");
    }

    private static boolean startsWith(ByteBuf in, byte[] start) {
        int length = Math.min(start.length, in.readableBytes());
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != start[i]) {
                return false;
            }
        }
        return true;
    }
}
