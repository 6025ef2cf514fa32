package dev.gatehouse.kernel.address;

import java.util.ArrayList;
import java.util.List;

/**
 * The ranges that are set aside. The first that fits counts.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IANA IPv4 special-purpose addresses</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">IANA IPv6 special-purpose addresses</a>
 */
final class SpecialRanges {
    private record Range(IpAddress start, int bits, AddressKind kind) {}

    private static final List<Range> RANGES = new ArrayList<>();

    static {
        add("0.0.0.0/8", AddressKind.THIS_NETWORK);
        add("10.0.0.0/8", AddressKind.PRIVATE);
        add("100.64.0.0/10", AddressKind.CARRIER_NAT);
        add("127.0.0.0/8", AddressKind.LOOPBACK);
        add("168.63.129.16/32", AddressKind.METADATA);
        add("169.254.0.0/16", AddressKind.LINK_LOCAL);
        add("172.16.0.0/12", AddressKind.PRIVATE);
        add("192.0.0.0/24", AddressKind.RESERVED);
        add("192.0.2.0/24", AddressKind.DOCUMENTATION);
        add("192.31.196.0/24", AddressKind.RESERVED);
        add("192.52.193.0/24", AddressKind.RESERVED);
        add("192.88.99.0/24", AddressKind.RESERVED);
        add("192.168.0.0/16", AddressKind.PRIVATE);
        add("192.175.48.0/24", AddressKind.RESERVED);
        add("198.18.0.0/15", AddressKind.BENCHMARKING);
        add("198.51.100.0/24", AddressKind.DOCUMENTATION);
        add("203.0.113.0/24", AddressKind.DOCUMENTATION);
        add("224.0.0.0/4", AddressKind.MULTICAST);
        add("255.255.255.255/32", AddressKind.BROADCAST);
        add("240.0.0.0/4", AddressKind.RESERVED);

        add("::/128", AddressKind.UNSPECIFIED);
        add("::1/128", AddressKind.LOOPBACK);
        add("::ffff:0:0/96", AddressKind.MAPPED);
        add("::ffff:0:0:0/96", AddressKind.MAPPED);
        add("::/96", AddressKind.COMPATIBLE);
        add("64:ff9b::/96", AddressKind.NAT64);
        add("64:ff9b:1::/48", AddressKind.NAT64);
        add("2001::/32", AddressKind.TEREDO);
        add("2001:db8::/32", AddressKind.DOCUMENTATION);
        add("2001::/23", AddressKind.RESERVED);
        add("2002::/16", AddressKind.SIX_TO_FOUR);
        add("2620:4f:8000::/48", AddressKind.RESERVED);
        add("3fff::/20", AddressKind.DOCUMENTATION);
        add("fc00::/7", AddressKind.PRIVATE);
        add("fe80::/10", AddressKind.LINK_LOCAL);
        add("fec0::/10", AddressKind.PRIVATE);
        add("ff00::/8", AddressKind.MULTICAST);
    }

    private static final IpAddress PUBLIC_V6 = literal("2000::");
    private static final int PUBLIC_V6_BITS = 3;
    /** RFC 5214, section 6.1: in front of the IPv4 address in the interface's half; bit 0x0200 says whether it is unique. */
    private static final long ISATAP = 0x00005efeL;

    private static final long ISATAP_MASK = 0xfdffffffL;

    private SpecialRanges() {}

    private static void add(String prefix, AddressKind kind) {
        int slash = prefix.indexOf('/');
        RANGES.add(new Range(literal(prefix.substring(0, slash)), Integer.parseInt(prefix.substring(slash + 1)), kind));
    }

    private static IpAddress literal(String text) {
        return IpAddress.parse(text).orElseThrow(() -> new AssertionError(text + " is an address"));
    }

    static AddressKind kind(IpAddress address) {
        for (Range range : RANGES) {
            if (address.startsAs(range.start(), range.bits())) {
                return range.kind();
            }
        }
        if (address.family() == IpAddress.Family.V4) {
            return AddressKind.PUBLIC;
        }
        if ((address.low() >>> 32 & ISATAP_MASK) == ISATAP) {
            return AddressKind.ISATAP;
        }
        return address.startsAs(PUBLIC_V6, PUBLIC_V6_BITS) ? AddressKind.PUBLIC : AddressKind.UNASSIGNED;
    }
}
