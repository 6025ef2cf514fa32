package dev.gatehouse.webhooks.guard;

import dev.gatehouse.kernel.address.AddressKind;
import dev.gatehouse.kernel.address.IpAddress;
import dev.gatehouse.kernel.address.UrlHost;
import dev.gatehouse.kernel.id.TenantId;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Lets deliveries out to the public internet and nowhere else. A name is resolved once; if any of its addresses is not
 * public the whole name is refused; and the address that was checked is the one to connect to. What is refused here is
 * refused when an endpoint is made, when it is examined, and at each delivery, for the same reason.
 */
public final class AddressGuard {
    /** Ports that receivers may listen on. */
    public static final Set<Integer> PORTS = Set.of(443, 8443, 9443);

    private static final IntPredicate NONE_OPEN = port -> false;
    private static final IpAddress THIS_MACHINE = IpAddress.parse("127.0.0.1").orElseThrow();

    private final Resolver resolver;
    private final Loopback loopback;
    private final OpenReceivers open;
    private final NameLookups lookups;

    /** With nothing of this machine opened to anybody. */
    public AddressGuard(Resolver resolver, Loopback loopback) {
        this(resolver, loopback, OpenReceivers.none());
    }

    public AddressGuard(Resolver resolver, Loopback loopback, OpenReceivers open) {
        this.resolver = resolver;
        this.loopback = loopback;
        this.open = open;
        this.lookups = new NameLookups(resolver);
    }

    public Loopback loopback() {
        return loopback;
    }

    /**
     * Reads a URL without resolving its name.
     *
     * @return its normal form
     * @throws BlockedException when its scheme, port, host or form is refused; the message says what would be right
     */
    public URI parse(String url) throws BlockedException {
        return checked(url, NONE_OPEN).uri();
    }

    /**
     * Whether an endpoint of the tenant's may have this URL. A name is looked up for a moment; one that has no address yet
     * is taken, as each delivery looks again. Blocks meanwhile.
     *
     * @return the URL's normal form
     * @throws BlockedException when no delivery would be made to it
     */
    public URI accept(TenantId tenant, String url) throws BlockedException {
        IntPredicate opened = port -> open.isOpen(tenant, port);
        ReceiverUrl receiver = checked(url, opened);
        if (receiver.host() instanceof UrlHost.Name(String name)) {
            requirePublic(receiver, lookups.now(name), opened);
        }
        return receiver.uri();
    }

    /**
     * Resolves and checks for a delivery of the tenant's. Blocks while the name is looked up.
     *
     * @throws BlockedException when it must not be delivered to
     * @throws UnknownHostException when the name has no address
     * @throws LookupFailedException when that is not known, for a reason on this side
     */
    public Destination resolve(TenantId tenant, String url)
            throws BlockedException, UnknownHostException, LookupFailedException {
        return resolve(url, port -> open.isOpen(tenant, port), name -> resolver.resolve(tenant, name));
    }

    /**
     * Resolves and checks with nothing opened. Blocks while the name is looked up.
     *
     * @throws BlockedException when it must not be delivered to
     * @throws UnknownHostException when the name has no address
     */
    public Destination resolve(String url) throws BlockedException, UnknownHostException {
        try {
            return resolve(url, NONE_OPEN, resolver::resolve);
        } catch (LookupFailedException e) {
            throw new UnknownHostException(e.getMessage());
        }
    }

    private interface Lookup {
        List<InetAddress> of(String name) throws UnknownHostException, LookupFailedException;
    }

    private Destination resolve(String url, IntPredicate opened, Lookup lookup)
            throws BlockedException, UnknownHostException, LookupFailedException {
        ReceiverUrl receiver = checked(url, opened);
        List<InetAddress> addresses = switch (receiver.host()) {
            case UrlHost.Literal(IpAddress address) -> List.of(InetAddress.getByAddress(address.octets()));
            case UrlHost.Name(String name) -> new ArrayList<>(lookup.of(name));
            case UrlHost.Wrong(String reason) -> throw new BlockedException(reason);
        };
        if (addresses.isEmpty()) {
            throw new UnknownHostException(receiver.hostText());
        }
        requirePublic(receiver, addresses, opened);
        String host = receiver.hostText();
        return new Destination(
                receiver.uri(),
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                receiver.port(),
                addresses.getFirst());
    }

    /** All that can be said of a URL without resolving a name. */
    private ReceiverUrl checked(String text, IntPredicate opened) throws BlockedException {
        ReceiverUrl url = ReceiverUrl.parse(text);
        boolean trial = isTrial(url, opened);
        if (url.host() instanceof UrlHost.Literal(IpAddress address) && !trial) {
            requirePublic(AddressKind.of(address));
        }
        if (url.host() instanceof UrlHost.Name name && name.isInside() && !trial) {
            throw new BlockedException(
                    "names a host that the internet does not know. Deliveries go only to public addresses.");
        }
        if (!url.scheme().equals("https") && !(trial && url.scheme().equals("http"))) {
            throw new BlockedException("must begin with https://");
        }
        if (!PORTS.contains(url.port()) && !trial) {
            throw new BlockedException("names port " + url.port() + ": receivers may listen on "
                    + PORTS.stream().sorted().map(String::valueOf).collect(Collectors.joining(", ")));
        }
        return url;
    }

    /** Whether it is a receiver on this machine that may be delivered to, for a trial. */
    private boolean isTrial(ReceiverUrl url, IntPredicate opened) {
        boolean isThisMachine = switch (url.host()) {
            case UrlHost.Literal(IpAddress address) -> AddressKind.of(address) == AddressKind.LOOPBACK;
            case UrlHost.Name(String name) -> name.equals("localhost");
            case UrlHost.Wrong wrong -> false;
        };
        if (!isThisMachine) {
            return false;
        }
        if (loopback == Loopback.ALLOWED && (PORTS.contains(url.port()) || url.port() >= 1_024)) {
            return url.port() <= 65_535;
        }
        return url.host() instanceof UrlHost.Literal(IpAddress address)
                && address.equals(THIS_MACHINE)
                && url.scheme().equals("http")
                && opened.test(url.port());
    }

    private void requirePublic(ReceiverUrl url, List<InetAddress> addresses, IntPredicate opened)
            throws BlockedException {
        boolean trial = isTrial(url, opened);
        for (InetAddress address : addresses) {
            AddressKind kind = AddressKind.of(IpAddress.of(address.getAddress()));
            if (!(trial && kind == AddressKind.LOOPBACK)) {
                requirePublic(kind);
            }
        }
    }

    private static void requirePublic(AddressKind kind) throws BlockedException {
        if (kind != AddressKind.PUBLIC) {
            throw new BlockedException(
                    "leads to an address that is " + kind.words() + ". Deliveries go only to public addresses"
                            + (kind == AddressKind.LOOPBACK
                                    ? "; for a trial on this machine run: gatehouse listen PORT."
                                    : "."));
        }
    }
}
