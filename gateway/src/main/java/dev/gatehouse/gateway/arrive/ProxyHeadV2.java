package dev.gatehouse.gateway.arrive;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The binary head of version 2: signature, command, family, length, addresses, TLVs (section 2.2). */
final class ProxyHeadV2 {
    static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};

    private static final int FIXED = 16;
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int UNSPECIFIED = 0;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int UNIX = 0x31;
    private static final int CHECKSUM = 0x03;

    private ProxyHeadV2() {}

    static ProxyHead read(ByteBuf in) {
        int start = in.readerIndex();
        int seen = in.readableBytes();
        if (seen > 12 && command(in) != LOCAL && command(in) != PROXY) {
            return new ProxyHead.Malformed("the version is not 2, or the command neither LOCAL nor PROXY");
        }
        if (seen < FIXED) {
            return new ProxyHead.Partial();
        }
        int length = FIXED + in.getUnsignedShort(start + 14);
        if (length > ProxyHead.MOST_V2) {
            return new ProxyHead.Malformed("the head is longer than " + ProxyHead.MOST_V2 + " octets");
        }
        int family = in.getUnsignedByte(start + 13);
        int addresses = addressesLength(family);
        if (command(in) == LOCAL) {
            // the rest is to be stepped over, whatever it says
            return seen < length ? new ProxyHead.Partial() : new ProxyHead.Own(length);
        }
        if (addresses < 0) {
            return new ProxyHead.Malformed("the family is none that a stream can have");
        }
        if (length < FIXED + addresses) {
            return new ProxyHead.Malformed("the head is shorter than its addresses");
        }
        if (seen < length) {
            return new ProxyHead.Partial();
        }
        String fault = family == UNSPECIFIED ? null : tlvFault(in, start, FIXED + addresses, length);
        if (fault != null) {
            return new ProxyHead.Malformed(fault);
        }
        return switch (family) {
            case TCP4 -> client(in, start, 4, length);
            case TCP6 -> client(in, start, 16, length);
            default -> new ProxyHead.Own(length);
        };
    }

    private static int command(ByteBuf in) {
        return in.getUnsignedByte(in.readerIndex() + 12);
    }

    private static int addressesLength(int family) {
        return switch (family) {
            case UNSPECIFIED -> 0;
            case TCP4 -> 12;
            case TCP6 -> 36;
            case UNIX -> 216;
            default -> -1;
        };
    }

    private static ProxyHead client(ByteBuf in, int start, int octets, int length) {
        byte[] address = new byte[octets];
        in.getBytes(start + FIXED, address);
        int port = in.getUnsignedShort(start + FIXED + 2 * octets);
        try {
            return new ProxyHead.Client(new InetSocketAddress(InetAddress.getByAddress(address), port), length);
        } catch (UnknownHostException e) {
            return new ProxyHead.Malformed("the source is no address");
        }
    }

    /** TLVs have to fill the rest of the head exactly, and a checksum among them has to be right (section 2.2.3). */
    private static @Nullable String tlvFault(ByteBuf in, int start, int from, int length) {
        int at = from;
        while (at < length) {
            if (length - at < 3) {
                return "a TLV is cut off";
            }
            int type = in.getUnsignedByte(start + at);
            int size = in.getUnsignedShort(start + at + 1);
            if (size > length - at - 3) {
                return "a TLV is longer than the head";
            }
            if (type == CHECKSUM && (size != 4 || in.getInt(start + at + 3) != checksum(in, start, at + 3, length))) {
                return "the checksum is wrong";
            }
            at += 3 + size;
        }
        return null;
    }

    private static int checksum(ByteBuf in, int start, int at, int length) {
        byte[] head = new byte[length];
        in.getBytes(start, head);
        for (int i = 0; i < 4; i++) {
            head[at + i] = 0;
        }
        CRC32C sum = new CRC32C();
        sum.update(head);
        return (int) sum.getValue();
    }
}
