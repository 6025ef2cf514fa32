package dev.gatehouse.kernel.address;

/**
 * An address, or a CIDR range of them (RFC 4632; RFC 4291, section 2.3), as in {@code 203.0.113.7} or
 * {@code 2001:db8::/32}. An IPv4-mapped range is the IPv4 range that it holds: {@code ::ffff:203.0.113.0/120} is
 * {@code 203.0.113.0/24}, since whoever listens on both families sees one client under either name. One that reaches beyond
 * the mapped addresses is refused, since it is neither.
 *
 * @param network an address of the range; what comes after the prefix does not count
 * @param prefix how many leading bits an address shares with it: at most 32 of IPv4, 128 of IPv6
 */
public record AddressRange(IpAddress network, int prefix) {
    private static final int MAPPED_BITS = 96;
    private static final int LONGEST_SHOWN = 60;

    public AddressRange {
        if (prefix < 0 || prefix > network.family().bits()) {
            throw new IllegalArgumentException(
                    "a prefix of " + network + " has 0 to " + network.family().bits() + " bits, not " + prefix);
        }
    }

    /** @throws IllegalArgumentException when it is neither; the message says why and is for people */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        IpAddress written = IpAddress.parse(address)
                .orElseThrow(() -> new IllegalArgumentException("\""
                        + address.substring(0, Math.min(address.length(), LONGEST_SHOWN)) + "\" is not an IP address"));
        IpAddress network = written.unmapped();
        if (slash < 0) {
            return new AddressRange(network, network.family().bits());
        }
        int prefix = prefix(text.substring(slash + 1));
        if (network.equals(written)) {
            return new AddressRange(network, prefix);
        }
        if (prefix < MAPPED_BITS) {
            throw new IllegalArgumentException(
                    "an IPv4-mapped range has a prefix of 96 to 128 bits, not " + prefix + ": write it as IPv4");
        }
        return new AddressRange(network, prefix - MAPPED_BITS);
    }

    private static int prefix(String text) {
        boolean padded = text.length() > 1 && text.charAt(0) == '0';
        if (text.isEmpty() || text.length() > 3 || padded || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("after the slash comes a number of bits, as in 203.0.113.0/24");
        }
        return Integer.parseInt(text);
    }

    /** Whether the address, under either of its names, lies in the range. */
    public boolean contains(IpAddress address) {
        return address.unmapped().startsAs(network, prefix);
    }

    /** The normal text; a single address without its prefix. */
    @Override
    public String toString() {
        return prefix == network.family().bits() ? network.text() : network + "/" + prefix;
    }
}
