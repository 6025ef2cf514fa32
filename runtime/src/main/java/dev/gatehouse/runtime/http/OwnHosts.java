package dev.gatehouse.runtime.http;

import dev.gatehouse.kernel.address.AddressKind;
import dev.gatehouse.kernel.address.IpAddress;
import dev.gatehouse.kernel.address.UrlHost;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that a server answers to. A page of another site, whose name its owner lets lead here (DNS rebinding), is of
 * that site for a browser, and could read every answer; but it cannot change the {@code Host} that the browser sends. So a
 * server that trusts whoever reaches it answers only to its own names, to loopback, and to the very address that the
 * connection was made to.
 */
public final class OwnHosts {
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    /** What became of a check. */
    public enum Verdict {
        OWN,
        /** No host, several, or one that is none. */
        MALFORMED,
        /** A host, but another's. */
        FOREIGN
    }

    private final Set<UrlHost> hosts = new HashSet<>();

    private OwnHosts(Collection<String> names) {
        for (String name : names) {
            UrlHost host = UrlHost.read(bracketed(name.strip()));
            if (host instanceof UrlHost.Wrong(String reason)) {
                throw new IllegalArgumentException("\"" + name + "\" " + reason);
            }
            hosts.add(host);
        }
        hosts.add(new UrlHost.Name("localhost"));
    }

    /**
     * @param names of the server besides loopback: names or addresses, without a port
     * @throws IllegalArgumentException when one of them is none; the message says why
     */
    public static OwnHosts of(Collection<String> names) {
        return new OwnHosts(names);
    }

    /** Loopback, and the address that a connection was made to. */
    public static OwnHosts loopback() {
        return new OwnHosts(List.of());
    }

    private static String bracketed(String name) {
        return name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name;
    }

    /**
     * @param authorities all that the request names as its host, as {@code Host}, {@code :authority} and in its target
     * @param local the address that the connection was made to; null when it is not known
     */
    public Verdict check(Collection<String> authorities, @Nullable String local) {
        if (authorities.isEmpty()) {
            return Verdict.MALFORMED;
        }
        Verdict verdict = Verdict.OWN;
        for (String authority : authorities) {
            switch (check(authority, local)) {
                case MALFORMED -> {
                    return Verdict.MALFORMED;
                }
                case FOREIGN -> verdict = Verdict.FOREIGN;
                case OWN -> {}
            }
        }
        return verdict;
    }

    private Verdict check(String authority, @Nullable String local) {
        int colon = authority.endsWith("]") ? -1 : authority.lastIndexOf(':');
        if (colon >= 0 && !PORT.matcher(authority.substring(colon + 1)).matches()) {
            return Verdict.MALFORMED;
        }
        UrlHost host = UrlHost.read(colon < 0 ? authority : authority.substring(0, colon));
        return switch (host) {
            case UrlHost.Wrong wrong -> Verdict.MALFORMED;
            case UrlHost.Literal(IpAddress address) ->
                hosts.contains(host)
                                || AddressKind.of(address) == AddressKind.LOOPBACK
                                || (local != null
                                        && IpAddress.parse(local)
                                                .filter(address::equals)
                                                .isPresent())
                        ? Verdict.OWN
                        : Verdict.FOREIGN;
            case UrlHost.Name name -> hosts.contains(name) ? Verdict.OWN : Verdict.FOREIGN;
        };
    }
}
