package dev.gatehouse.kernel.address;

/** What an address is set aside for. Only a {@link #PUBLIC} one leads to somebody on the internet. */
public enum AddressKind {
    PUBLIC("public"),
    LOOPBACK("loopback"),
    THIS_NETWORK("\"this network\""),
    PRIVATE("private"),
    CARRIER_NAT("carrier-grade NAT"),
    LINK_LOCAL("link-local, where clouds keep their metadata"),
    METADATA("a cloud's metadata service"),
    MULTICAST("multicast"),
    BROADCAST("broadcast"),
    DOCUMENTATION("documentation"),
    BENCHMARKING("benchmarking"),
    RESERVED("reserved"),
    UNSPECIFIED("unspecified"),
    NAT64("NAT64, an IPv4 address in disguise"),
    MAPPED("IPv4-mapped, an IPv4 address in disguise"),
    COMPATIBLE("IPv4-compatible, an IPv4 address in disguise"),
    SIX_TO_FOUR("6to4, an IPv4 address in disguise"),
    TEREDO("Teredo, an IPv4 address in disguise"),
    ISATAP("ISATAP, an IPv4 address in disguise"),
    UNASSIGNED("not assigned for public use");

    private final String words;

    AddressKind(String words) {
        this.words = words;
    }

    /** To follow on "an address that is". */
    public String words() {
        return words;
    }

    /**
     * The kind of an address by the registries of IANA. IPv6 outside of 2000::/3 is never public, and neither is an IPv6
     * address that stands for an IPv4 address, whichever that is: where it leads, a translator decides.
     */
    public static AddressKind of(IpAddress address) {
        return SpecialRanges.kind(address);
    }
}
