package dev.gatehouse.kernel.address;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** How a host is read. */
final class UrlHosts {
    private static final int LONGEST = 253;
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*");
    /** The URL standard takes a host for an IPv4 address when its last part looks like a number. */
    private static final Pattern NUMBER = Pattern.compile("(.*\\.)?(0x[0-9a-f]*|[0-9]+)");
    /** IDNA 2003 maps or drops them, IDNA 2008 keeps them: the same text leads to two hosts. */
    private static final Pattern DEVIATIONS = Pattern.compile("[\\u00df\\u03c2\\u200c\\u200d\\u1e9e]");

    /** Names for use inside by RFC 6761, 6762, 8375 and ICANN, and those that private networks are known to use. */
    private static final Set<String> INSIDE =
            Set.of("localhost", "local", "internal", "onion", "arpa", "intranet", "lan", "home", "corp");

    private UrlHosts() {}

    static UrlHost read(String host) {
        if (host.startsWith("[")) {
            return literal(host);
        }
        if (host.isEmpty()) {
            return new UrlHost.Wrong("names no host");
        }
        if (host.indexOf('%') >= 0) {
            return new UrlHost.Wrong("has escaped characters in its host: write the host as it is");
        }
        boolean isAscii = host.chars().allMatch(character -> character < 0x80);
        Optional<String> ascii = isAscii ? Optional.of(host.toLowerCase(Locale.ROOT)) : punycode(host);
        if (ascii.isEmpty()) {
            return new UrlHost.Wrong("names a host that cannot be written in punycode for certain: write the host in"
                    + " punycode (xn--…) yourself");
        }
        String name = ascii.get();
        String undotted = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (NUMBER.matcher(undotted).matches()) {
            return isAscii && undotted.length() == name.length() ? number(name) : number("");
        }
        if (undotted.length() > LONGEST || !NAME.matcher(undotted).matches()) {
            return new UrlHost.Wrong("names a host that cannot exist: " + shortened(host));
        }
        return new UrlHost.Name(undotted);
    }

    private static UrlHost literal(String host) {
        if (!host.endsWith("]")) {
            return new UrlHost.Wrong("has a bracket in its host that is not closed");
        }
        String inside = host.substring(1, host.length() - 1);
        if (inside.indexOf('%') >= 0) {
            return new UrlHost.Wrong("names a network interface: leave out what follows the %");
        }
        return IpAddress.parse(inside)
                .filter(address -> address.family() == IpAddress.Family.V6)
                .<UrlHost>map(UrlHost.Literal::new)
                .orElseGet(() -> new UrlHost.Wrong("has brackets around what is no IPv6 address"));
    }

    private static UrlHost number(String name) {
        return IpAddress.parse(name)
                .<UrlHost>map(UrlHost.Literal::new)
                .orElseGet(() -> new UrlHost.Wrong(
                        "names its host as a number: write the address as four decimal parts, or a name"));
    }

    private static Optional<String> punycode(String host) {
        if (DEVIATIONS.matcher(host).find()) {
            return Optional.empty();
        }
        try {
            String ascii = IDN.toASCII(host, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
            return ascii.isEmpty() ? Optional.empty() : Optional.of(ascii);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String shortened(String host) {
        return host.length() <= 80 ? host : host.substring(0, 77) + "...";
    }

    static boolean isInside(String ascii) {
        int dot = ascii.lastIndexOf('.');
        return dot < 0 || INSIDE.contains(ascii.substring(dot + 1));
    }
}
