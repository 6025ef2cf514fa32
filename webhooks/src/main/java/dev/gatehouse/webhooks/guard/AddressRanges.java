package dev.gatehouse.webhooks.guard;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Addresses that no delivery may go to, and why. IPv6 is refused outside of 2000::/3, all that is given out for public
 * use.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IANA IPv4 special-purpose addresses</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">IANA IPv6 special-purpose addresses</a>
 */
final class AddressRanges {
    static final String LOOPBACK = "loopback";

    private record Range(byte[] start, int bits, String what) {
        boolean contains(byte[] address) {
            if (address.length != start.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if ((address[bit >> 3] & mask) != (start[bit >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Range> REFUSED = new ArrayList<>();
    private static final Range PUBLIC_IPV6 = range("2000::/3", "public");

    static {
        refuse("127.0.0.0/8", LOOPBACK);
        refuse("::1/128", LOOPBACK);
        refuse("0.0.0.0/8", "\"this network\"");
        refuse("10.0.0.0/8", "private");
        refuse("172.16.0.0/12", "private");
        refuse("192.168.0.0/16", "private");
        refuse("100.64.0.0/10", "carrier-grade NAT");
        refuse("169.254.0.0/16", "link-local, where clouds keep their metadata");
        refuse("168.63.129.16/32", "a cloud's metadata");
        refuse("192.0.0.0/24", "reserved");
        refuse("192.0.2.0/24", "documentation");
        refuse("192.31.196.0/24", "reserved");
        refuse("192.52.193.0/24", "reserved");
        refuse("192.88.99.0/24", "6to4 relay");
        refuse("192.175.48.0/24", "reserved");
        refuse("198.18.0.0/15", "benchmarking");
        refuse("198.51.100.0/24", "documentation");
        refuse("203.0.113.0/24", "documentation");
        refuse("224.0.0.0/4", "multicast");
        refuse("240.0.0.0/4", "reserved");
        refuse("2001::/32", "Teredo");
        refuse("2001::/23", "reserved");
        refuse("2001:db8::/32", "documentation");
        refuse("2002::/16", "6to4");
        refuse("2620:4f:8000::/48", "reserved");
        refuse("3fff::/20", "documentation");
        refuse("64:ff9b::/96", "NAT64");
        refuse("64:ff9b:1::/48", "NAT64");
        refuse("::ffff:0:0/96", "IPv4-mapped");
        refuse("fc00::/7", "private");
        refuse("fe80::/10", "link-local");
        refuse("fec0::/10", "site-local");
        refuse("ff00::/8", "multicast");
    }

    private AddressRanges() {}

    private static void refuse(String prefix, String what) {
        REFUSED.add(range(prefix, what));
    }

    private static Range range(String prefix, String what) {
        int slash = prefix.indexOf('/');
        try {
            byte[] start = bytes(prefix.substring(0, slash));
            return new Range(start, Integer.parseInt(prefix.substring(slash + 1)), what);
        } catch (UnknownHostException e) {
            throw new AssertionError(prefix + " is an address", e);
        }
    }

    private static byte[] bytes(String literal) throws UnknownHostException {
        if (literal.equals("::ffff:0:0")) {
            // the platform would read it as the IPv4 address 0.0.0.0
            byte[] mapped = new byte[16];
            mapped[10] = (byte) 0xff;
            mapped[11] = (byte) 0xff;
            return mapped;
        }
        return InetAddress.getByName(literal).getAddress();
    }

    /** What the address is when no delivery may go to it; empty for a public one. */
    static Optional<String> refused(byte[] address) {
        for (Range range : REFUSED) {
            if (range.contains(address)) {
                return Optional.of(range.what());
            }
        }
        return address.length == 16 && !PUBLIC_IPV6.contains(address) ? Optional.of("not public") : Optional.empty();
    }
}
