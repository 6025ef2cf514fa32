package dev.gatehouse.webhooks.guard;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.kernel.id.TenantId;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Resolves names by DNS without holding a thread for any of them, so that one slow name server costs those alone whose names it
 * knows.
 *
 * <ul>
 *   <li>A name that many ask for is asked of the servers once, and its answer kept for its time to live, at most an hour.
 *   <li>A tenant has a bounded number of names under way; the next fails at once, as a failure of ours.
 *   <li>When the servers do not answer, or answer that they cannot, the addresses of before are used for up to a day.
 *   <li>A name that does not resolve while others do has itself to thank for it; while none does, the fault is ours.
 * </ul>
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8767">RFC 8767, serving stale data to improve DNS resiliency</a>
 */
public final class NameServers implements Resolver, AutoCloseable {
    static final int MOST_BY_TENANT = 32;
    static final int MOST_AT_ONCE = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final int QUERY_MILLIS = 1_500;
    private static final int LONGEST_KEPT_SECONDS = 3_600;
    private static final int REFUSAL_KEPT_SECONDS = 5;
    private static final Duration STALE = Duration.ofDays(1);
    private static final int NAMES_KEPT = 50_000;

    /** Another name that resolved so recently shows that the servers answer. */
    private static final long RECENTLY_NANOS = Duration.ofMinutes(1).toNanos();

    private static final Path SETTINGS = Path.of("/etc/resolv.conf");
    private static final int DNS = 53;
    private static final ThreadFactory THREADS =
            Thread.ofPlatform().name("webhook-names-", 0).daemon().factory();

    private final MultiThreadIoEventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, THREADS, NioIoHandler.newFactory());
    private final DnsNameResolver servers;
    private final LongSupplier nanos;
    private final Map<String, CompletableFuture<List<InetAddress>>> underWay = new ConcurrentHashMap<>();
    private final Map<TenantId, AtomicInteger> byTenant = new ConcurrentHashMap<>();
    private final Cache<String, List<InetAddress>> known = Caffeine.newBuilder()
            .maximumSize(NAMES_KEPT)
            .expireAfterWrite(STALE)
            .build();

    /** The last two names that the servers found, and when: of whatever name is asked for, one is another. */
    private volatile @Nullable Found last;

    private record Found(String name, long nanos, @Nullable Found before) {}

    private NameServers(List<InetSocketAddress> addresses, LongSupplier nanos) {
        this.nanos = nanos;
        servers = new DnsNameResolverBuilder(loop.next())
                .datagramChannelType(NioDatagramChannel.class)
                .socketChannelType(NioSocketChannel.class)
                .nameServerProvider(new SequentialDnsServerAddressStreamProvider(addresses))
                .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
                // all of a name's addresses are looked at, not the first that come
                .completeOncePreferredResolved(false)
                .resolveCache(new DefaultDnsCache(0, LONGEST_KEPT_SECONDS, REFUSAL_KEPT_SECONDS))
                .searchDomains(List.of())
                .ndots(0)
                .queryTimeoutMillis(QUERY_MILLIS)
                .maxQueriesPerResolve(8)
                .build();
    }

    /** Those that the machine is set to ask. */
    public static NameServers ofThisMachine() {
        return new NameServers(configured(), System::nanoTime);
    }

    static NameServers of(InetSocketAddress server, LongSupplier nanos) {
        return new NameServers(List.of(server), nanos);
    }

    /** As in resolv.conf(5): without any there is one on this machine. */
    private static List<InetSocketAddress> configured() {
        List<InetSocketAddress> found = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(SETTINGS)) {
                String[] words = line.strip().split("\\s+");
                if (words.length >= 2 && words[0].equals("nameserver")) {
                    found.add(new InetSocketAddress(InetAddress.ofLiteral(words[1]), DNS));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            // what cannot be read says nothing
        }
        return found.isEmpty() ? List.of(new InetSocketAddress("127.0.0.1", DNS)) : found;
    }

    /** For a person who waits: what fails for a reason of ours is as good as unknown. */
    @Override
    public List<InetAddress> resolve(String host) throws UnknownHostException {
        try {
            return outcome(host, lookup(host));
        } catch (LookupFailedException e) {
            throw new UnknownHostException(host);
        }
    }

    @Override
    public List<InetAddress> resolve(TenantId tenant, String host) throws UnknownHostException, LookupFailedException {
        AtomicInteger own = byTenant.computeIfAbsent(tenant, id -> new AtomicInteger());
        try {
            if (own.incrementAndGet() > MOST_BY_TENANT && !underWay.containsKey(host)) {
                return stale(host, "too many of the tenant's names are being looked up at once");
            }
            return outcome(host, lookup(host));
        } finally {
            byTenant.computeIfPresent(tenant, (id, count) -> count.decrementAndGet() == 0 ? null : count);
        }
    }

    private CompletableFuture<List<InetAddress>> lookup(String host) {
        if (underWay.size() >= MOST_AT_ONCE && !underWay.containsKey(host)) {
            return CompletableFuture.failedFuture(
                    new LookupFailedException("too many names are being looked up at once"));
        }
        return underWay.computeIfAbsent(host, name -> {
            CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
            servers.resolveAll(name).addListener((Future<List<InetAddress>> found) -> {
                // off the map first: a failure must not be given to who comes later
                underWay.remove(name, answer);
                if (found.isSuccess()) {
                    known.put(name, List.copyOf(found.getNow()));
                    last = new Found(name, nanos.getAsLong(), other(name));
                    answer.complete(List.copyOf(found.getNow()));
                } else {
                    answer.completeExceptionally(found.cause());
                }
            });
            return answer;
        });
    }

    /** The last that was found of another name than this. */
    private @Nullable Found other(String name) {
        Found newest = last;
        if (newest == null || !newest.name().equals(name)) {
            return newest == null ? null : new Found(newest.name(), newest.nanos(), null);
        }
        return newest.before();
    }

    private List<InetAddress> outcome(String host, CompletableFuture<List<InetAddress>> answer)
            throws UnknownHostException, LookupFailedException {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LookupFailedException ours) {
                return stale(host, String.valueOf(ours.getMessage()));
            }
            if (isCertain(e.getCause())) {
                known.invalidate(host);
                throw new UnknownHostException(host);
            }
            return unanswered(host);
        } catch (TimeoutException e) {
            return unanswered(host);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LookupFailedException("the worker was stopped");
        }
    }

    /** Whether the servers say that there is no such name or address, and not that they do not know. */
    private static boolean isCertain(@Nullable Throwable cause) {
        Throwable found = cause;
        while (found != null) {
            if (found instanceof DnsErrorCauseException answered) {
                return answered.getCode().equals(DnsResponseCode.NXDOMAIN);
            }
            if (found instanceof io.netty.resolver.dns.DnsNameResolverException) {
                return false;
            }
            found = found.getCause();
        }
        return cause instanceof UnknownHostException;
    }

    private List<InetAddress> unanswered(String host) throws UnknownHostException, LookupFailedException {
        Found other = other(host);
        if (other != null && nanos.getAsLong() - other.nanos() < RECENTLY_NANOS) {
            List<InetAddress> before = known.getIfPresent(host);
            if (before != null) {
                return before;
            }
            throw new UnknownHostException(host);
        }
        return stale(host, "no name server answered");
    }

    private List<InetAddress> stale(String host, String otherwise) throws LookupFailedException {
        List<InetAddress> before = known.getIfPresent(host);
        if (before == null) {
            throw new LookupFailedException(otherwise);
        }
        return before;
    }

    @Override
    public void close() {
        servers.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
