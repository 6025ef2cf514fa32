package dev.gatehouse.webhooks.guard;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lets deliveries out to the public internet and nowhere else. A name is resolved once; if any of its addresses is not
 * public the whole name is refused; and the address that was checked is the one to connect to.
 */
public final class AddressGuard {
    /** Ports that receivers may listen on. */
    public static final Set<Integer> PORTS = Set.of(443, 8443, 9443);

    private static final int LONGEST_URL = 2_000;
    private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9-]{0,62})(\\.[a-z0-9]([a-z0-9-]{0,62}))*\\.?");
    private static final Pattern DOTTED = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern NUMBER = Pattern.compile("(.*\\.)?(0x[0-9a-f]*|[0-9]+)\\.?");

    private final Resolver resolver;
    private final Loopback loopback;

    public AddressGuard(Resolver resolver, Loopback loopback) {
        this.resolver = resolver;
        this.loopback = loopback;
    }

    public Loopback loopback() {
        return loopback;
    }

    /**
     * Reads an address without resolving it.
     *
     * @throws BlockedException when its scheme, port, host or form is refused; the message says what would be right
     */
    public URI parse(String url) throws BlockedException {
        if (url.length() > LONGEST_URL) {
            throw new BlockedException("is longer than " + LONGEST_URL + " characters");
        }
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new BlockedException("is not a URL: " + e.getReason());
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getRawUserInfo() != null
                || (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@"))) {
            throw new BlockedException("carries credentials: take them out; deliveries are signed instead");
        }
        if (uri.getHost() == null || uri.isOpaque()) {
            throw new BlockedException("names no host");
        }
        if (uri.getRawFragment() != null) {
            throw new BlockedException("has a fragment, which no server would see: take it out");
        }
        String host = host(uri);
        boolean trial = loopback == Loopback.ALLOWED && isLoopbackName(host);
        if (!scheme.equals("https") && !(trial && scheme.equals("http"))) {
            throw new BlockedException("must begin with https://");
        }
        int port = port(uri);
        if (!PORTS.contains(port) && !(trial && port >= 1_024)) {
            throw new BlockedException("names port " + port + ": receivers may listen on "
                    + PORTS.stream()
                            .sorted()
                            .map(String::valueOf)
                            .reduce((a, b) -> a + ", " + b)
                            .orElseThrow());
        }
        return uri;
    }

    private static String host(URI uri) throws BlockedException {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) {
            if (host.contains("%")) {
                throw new BlockedException("names a network interface");
            }
            return ipv6(host.substring(1, host.length() - 1));
        }
        if (!HOST.matcher(host).matches()) {
            throw new BlockedException("names a host that is none: " + host);
        }
        if (NUMBER.matcher(host).matches() && !DOTTED.matcher(host).matches()) {
            throw new BlockedException(
                    "names its host as a number: write the address as four decimal parts, or a name");
        }
        return host;
    }

    private static String ipv6(String literal) throws BlockedException {
        try {
            // a literal: nothing is looked up; the platform turns a mapped address into the IPv4 address inside
            if (InetAddress.getByName(literal) instanceof Inet4Address) {
                throw new BlockedException("is an IPv4-mapped address: write the IPv4 address itself");
            }
            return literal;
        } catch (UnknownHostException e) {
            throw new BlockedException("names a host that is none: [" + literal + "]");
        }
    }

    private static boolean isLoopbackName(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        if (!DOTTED.matcher(host).matches() && !host.contains(":")) {
            return false;
        }
        try {
            // a literal: nothing is looked up
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }

    /**
     * Resolves and checks. Blocks while the name is looked up.
     *
     * @throws BlockedException when it must not be delivered to
     * @throws UnknownHostException when the name has no address
     */
    public Destination resolve(String url) throws BlockedException, UnknownHostException {
        URI uri = parse(url);
        String host = host(uri);
        List<InetAddress> addresses = resolver.resolve(host);
        if (addresses.isEmpty()) {
            throw new UnknownHostException(host);
        }
        for (InetAddress address : addresses) {
            Optional<String> refused = AddressRanges.refused(address.getAddress());
            boolean trial = loopback == Loopback.ALLOWED
                    && isLoopbackName(host)
                    && refused.filter(AddressRanges.LOOPBACK::equals).isPresent();
            if (refused.isPresent() && !trial) {
                throw new BlockedException(
                        "leads to an address that is " + refused.get() + ". Deliveries go only to public addresses.");
            }
        }
        return new Destination(uri, host, port(uri), addresses.getFirst());
    }
}
