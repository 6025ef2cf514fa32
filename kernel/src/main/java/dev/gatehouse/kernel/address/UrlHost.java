package dev.gatehouse.kernel.address;

/** The host of a URL. */
public sealed interface UrlHost {
    /** An address itself. */
    record Literal(IpAddress address) implements UrlHost {}

    /** @param ascii a name in lower case, in punycode where it needs it, without a dot at the end */
    record Name(String ascii) implements UrlHost {
        /** Whether the name can only be one inside: it means nothing, or something else, on the internet. */
        public boolean isInside() {
            return UrlHosts.isInside(ascii);
        }
    }

    /** @param reason to follow on "the URL" */
    record Wrong(String reason) implements UrlHost {}

    /**
     * Reads a host as it stands in a URL, IPv6 in brackets. A name in other letters is made punycode. What programs read
     * differently is refused: IPv4 addresses in octal, hexadecimal, with fewer parts or in other digits, escaped
     * characters, and letters whose meaning differs between the versions of IDNA.
     */
    static UrlHost read(String host) {
        return UrlHosts.read(host);
    }
}
