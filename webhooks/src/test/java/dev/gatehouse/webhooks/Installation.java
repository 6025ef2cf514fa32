package dev.gatehouse.webhooks;

import dev.gatehouse.engines.EmbeddedQueue;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.identity.SealedCall;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.time.SettableClock;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.webhooks.guard.Resolver;
import dev.gatehouse.webhooks.store.Schema;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Webhooks on a new database, fed by hand, with a clock of their own. */
final class Installation implements AutoCloseable {
    static final InternalSecrets SECRETS =
            new InternalSecrets("a master secret of at least 32 bytes".getBytes(StandardCharsets.UTF_8));

    final String url = EnginesForTests.newDatabase();
    final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T08:00:00Z"));
    final Vertx vertx = Vertx.vertx();
    final HttpCaller caller = new HttpCaller(vertx, Duration.ofSeconds(30));
    final Queues queues;
    /** Tenants to whom nothing is delivered for now. */
    final Set<TenantId> suspended = ConcurrentHashMap.newKeySet();

    final FeedByHand feed;
    final List<String> notices = new CopyOnWriteArrayList<>();
    /** How names are resolved; may be changed meanwhile. */
    volatile Resolver resolver = Resolver.system();

    private final WebhooksModule.Receivers receivers;
    WebhooksModule module;

    // of its own: workers of other installations must not take its pointers
    final EmbeddedQueue queue = EmbeddedQueue.start();

    Installation() throws SQLException, IOException {
        this(feed -> {});
    }

    /** @param past what the feed holds before webhooks begin */
    Installation(DomainEvent... past) throws SQLException, IOException {
        this(feed -> feed.add(past));
    }

    /** @param before done to the feed before webhooks begin */
    Installation(Consumer<FeedByHand> before) throws SQLException, IOException {
        this(before, WebhooksModule.Receivers.ALSO_ON_THIS_MACHINE);
    }

    /** @param receivers which ones are delivered to */
    Installation(WebhooksModule.Receivers receivers) throws SQLException, IOException {
        this(feed -> {}, receivers);
    }

    private Installation(Consumer<FeedByHand> before, WebhooksModule.Receivers receivers)
            throws SQLException, IOException {
        this.receivers = receivers;
        queues = Queues.connect(Optional.of(URI.create(queue.url())), "us-east-1");
        feed = new FeedByHand(queues);
        before.accept(feed);
        module = start();
    }

    private Shares shares() {
        return new Shares() {
            @Override
            public Share of(TenantId tenant) {
                return EQUAL.of(tenant);
            }

            @Override
            public boolean isSuspended(TenantId tenant) {
                return suspended.contains(tenant);
            }
        };
    }

    private WebhooksModule start() throws SQLException, IOException {
        return WebhooksModule.start(
                parts(),
                feed,
                new WebhooksModule.Options(
                        0,
                        receivers,
                        shares(),
                        (tenant, endpoint, address, reason) ->
                                notices.add(String.join(" ", endpoint, tenant.value(), address, reason))),
                host -> resolver.resolve(host));
    }

    Webhooks webhooks() {
        return module.webhooks();
    }

    void restart() throws SQLException, IOException {
        module.close();
        module = start();
    }

    /** How far the feed was turned into deliveries; -1 while it was not begun. */
    long cursor() {
        try (Database database = Database.open(DatabaseUrl.parse(url), "webhooks", Schema.MIGRATIONS, 1)) {
            return database.<Long, SQLException>asSystem(
                    handle -> handle.createQuery("SELECT coalesce(max(sequence), -1) FROM feed_cursor")
                            .mapTo(Long.class)
                            .one());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static TenantId newTenant() {
        return TenantId.next(InstantSource.system());
    }

    static DomainEvent priceChange(String listing) {
        return event(DomainEvent.LISTING_PRICE_CHANGED, listing, null);
    }

    static DomainEvent event(String type, String listing, @Nullable TenantId tenant) {
        return new DomainEvent(
                0,
                PrefixedId.next("evt", InstantSource.system()),
                type,
                "listings",
                listing,
                Instant.parse("2026-03-01T07:59:59Z"),
                tenant == null ? null : tenant.value(),
                "{\"ListingKey\":\"" + listing
                        + "\",\"ListPrice\":179900,\"City\":\"Toledo\",\"PostalCode\":\"43620\"}");
    }

    static DomainEvent signal(String listing, String type, String city) {
        return new DomainEvent(
                0,
                PrefixedId.next("evt", InstantSource.system()),
                DomainEvent.SIGNAL_RAISED,
                "signals",
                listing,
                Instant.parse("2026-03-01T07:59:59Z"),
                null,
                "{\"SignalType\":\"" + type + "\",\"Severity\":\"high\",\"ListingKey\":\"" + listing
                        + "\",\"PropertyKey\":\"prop-1\",\"City\":\"" + city
                        + "\",\"StateOrProvince\":\"OH\",\"Price\":179900,\"Areas\":[\"city:"
                        + city.toLowerCase(java.util.Locale.ROOT) + "-oh\"]}");
    }

    WebhooksModule.Parts parts() {
        return new WebhooksModule.Parts(DatabaseUrl.parse(url), queues, vertx, SECRETS, clock);
    }

    HttpCaller.Answer call(TenantId tenant, String method, String path, String body) throws IOException {
        return call(tenant, KeyMode.LIVE, method, path, body, Map.of());
    }

    HttpCaller.Answer call(
            TenantId tenant, KeyMode mode, String method, String path, String body, Map<String, String> headers)
            throws IOException {
        Map<String, String> all = new HashMap<>(headers);
        all.put(IdentitySeal.HEADER, sealed(tenant, mode, new SealedCall(method, path)));
        all.put("Content-Type", "application/json");
        return caller.send(method, module.uri().resolve(path), all, body.getBytes(StandardCharsets.UTF_8));
    }

    private String sealed(TenantId tenant, KeyMode mode, SealedCall call) {
        return new IdentitySeal(SECRETS, WebhooksModule.SERVICE)
                .seal(
                        new CallerIdentity(
                                tenant,
                                "acme-corp",
                                "pro",
                                KeyId.next(clock),
                                mode,
                                Set.of("webhooks"),
                                Set.of("*"),
                                "req_1",
                                clock.instant()),
                        call);
    }

    @Override
    public void close() {
        module.close();
        caller.close();
        queues.close();
        queue.abandon();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
