package dev.gatehouse.webhooks;

import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.api.AddedOperations;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.aside.PostgresShelf;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.FeedConsumer;
import dev.gatehouse.runtime.feed.FeedCursor;
import dev.gatehouse.runtime.http.CallerGuard;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.outbox.Outbox;
import dev.gatehouse.runtime.outbox.OutboxRelay;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.webhooks.alert.AlertFollower;
import dev.gatehouse.webhooks.api.WebhookApi;
import dev.gatehouse.webhooks.delivery.DeliveryStore;
import dev.gatehouse.webhooks.delivery.Forgetting;
import dev.gatehouse.webhooks.delivery.Limits;
import dev.gatehouse.webhooks.delivery.Pointers;
import dev.gatehouse.webhooks.delivery.Sender;
import dev.gatehouse.webhooks.delivery.Worker;
import dev.gatehouse.webhooks.doctor.Doctor;
import dev.gatehouse.webhooks.endpoint.Catalogue;
import dev.gatehouse.webhooks.endpoint.StoredWebhooks;
import dev.gatehouse.webhooks.guard.AddressGuard;
import dev.gatehouse.webhooks.guard.Loopback;
import dev.gatehouse.webhooks.guard.NameServers;
import dev.gatehouse.webhooks.guard.Resolver;
import dev.gatehouse.webhooks.guard.SelfAttack;
import dev.gatehouse.webhooks.signature.SecretBox;
import dev.gatehouse.webhooks.store.FanOut;
import dev.gatehouse.webhooks.store.PostgresAlertStore;
import dev.gatehouse.webhooks.store.PostgresDeliveryLog;
import dev.gatehouse.webhooks.store.PostgresDeliveryStore;
import dev.gatehouse.webhooks.store.PostgresEndpointStore;
import dev.gatehouse.webhooks.store.PostgresOpeningStore;
import dev.gatehouse.webhooks.store.Schema;
import dev.gatehouse.webhooks.trial.OpeningStore;
import dev.gatehouse.webhooks.trial.TrialAdministration;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries of events to tenants' endpoints: the API, the consumer that turns events into deliveries, and a worker. Any
 * number may run; they meet in the database.
 */
public final class WebhooksModule implements AutoCloseable {
    /** The route's and the service's name, and the feed consumer's. */
    public static final String SERVICE = Schema.SERVICE;

    /** What a gateway is to send here. */
    public static final List<String> PREFIXES = List.of("/v2/webhooks");

    private static final int POOL = 12;
    private static final Duration FEED_PATIENCE = Duration.ofSeconds(5);
    private static final Duration ALERTS_PATIENCE = Duration.ofSeconds(5);
    private static final Duration VISIBILITY = Duration.ofSeconds(30);

    private final Database database;
    private final Resolver resolver;
    private final Sender sender;
    private final Worker worker;
    private final Forgetting forgetting;
    private final FeedConsumer consumer;
    private final OutboxRelay relay;
    private final Doctor doctor;
    private final Webhooks webhooks;
    private final ReceiverDoctor examination;
    private final WebServer server;

    private volatile @Nullable AlertFollower alerts;

    private WebhooksModule(
            Database database,
            Resolver resolver,
            Sender sender,
            Worker worker,
            Forgetting forgetting,
            FeedConsumer consumer,
            OutboxRelay relay,
            Doctor doctor,
            Webhooks webhooks,
            ReceiverDoctor examination,
            WebServer server) {
        this.database = database;
        this.resolver = resolver;
        this.sender = sender;
        this.worker = worker;
        this.forgetting = forgetting;
        this.consumer = consumer;
        this.relay = relay;
        this.doctor = doctor;
        this.webhooks = webhooks;
        this.examination = examination;
        this.server = server;
    }

    /**
     * @param port 0 for any free one of the loopback interface
     * @param loopback whether receivers on this machine are delivered to
     * @param shares of each tenant in the deliveries
     * @param notice told of endpoints that were disabled
     */
    public record Options(int port, Receivers loopback, Shares shares, OwnerNotice notice) {}

    /** Which receivers are delivered to. */
    public enum Receivers {
        PUBLIC_ONLY,
        /** For local trials: those on this machine, too, by http or https. */
        ALSO_ON_THIS_MACHINE
    }

    /** What of the process and its engines the module works with. */
    public record Parts(
            DatabaseUrl database, Queues queues, Vertx vertx, InternalSecrets secrets, InstantSource clock) {}

    /**
     * Migrates the schema, attacks its own address guard, and begins to deliver.
     *
     * @throws IllegalStateException when an attack on the address guard got through
     */
    public static WebhooksModule start(Parts parts, Feed feed, Options options) throws SQLException, IOException {
        return start(parts, feed, options, NameServers.ofThisMachine());
    }

    static WebhooksModule start(Parts parts, Feed feed, Options options, Resolver resolver)
            throws SQLException, IOException {
        Database database = Database.open(parts.database(), SERVICE, Schema.MIGRATIONS, POOL);
        AddressGuard guard = guard(database, options.loopback(), resolver, parts.clock());
        List<String> through = SelfAttack.through(guard);
        if (!through.isEmpty()) {
            database.close();
            throw new IllegalStateException(
                    "The guard of webhook deliveries lets through what it must not, so none are made: " + through);
        }
        SecretBox box = new SecretBox(parts.secrets());
        Sender sender = new Sender(parts.vertx(), guard, parts.clock(), Sender.DEADLINE);
        DeliveryStore deliveries = new PostgresDeliveryStore(database, box);
        Worker worker = Worker.start(
                deliveries,
                sender,
                parts.queues().queue(Pointers.QUEUE, VISIBILITY),
                parts.clock(),
                new Worker.Rules(Limits.usual(), options.shares()),
                gone -> options.notice().disabled(gone.tenant(), gone.endpoint(), gone.url(), gone.reason()));
        Forgetting forgetting = Forgetting.start(deliveries, options.shares(), parts.clock());
        PostgresShelf endpoints = new PostgresShelf(database, SERVICE + ".endpoints", () -> {});
        feed.shelf(endpoints);
        FeedConsumer consumer = FeedConsumer.startAtEnd(
                SERVICE,
                feed,
                parts.queues().queue(FeedConsumer.queueName(SERVICE), VISIBILITY),
                new FeedCursor(database, SERVICE),
                new FanOut(parts.clock(), worker::offer, endpoints),
                FeedConsumer.Options.usual());
        OutboxRelay relay = OutboxRelay.start(database, new Outbox(SERVICE), feed);
        Doctor doctor = new Doctor(parts.vertx(), guard, parts.clock());
        Catalogue catalogue = new Catalogue();
        Webhooks webhooks = new StoredWebhooks(
                new StoredWebhooks.Stores(new PostgresEndpointStore(database), new PostgresDeliveryLog(database), box),
                guard,
                catalogue,
                parts.clock(),
                worker::offer,
                () -> isPlaced(consumer));
        ReceiverDoctor examination = endpoint -> doctor.examine(
                deliveries.target(endpoint.id(), parts.clock().instant()).orElseThrow());
        Router router = new Router();
        WebhookApi.mount(router, webhooks, examination, catalogue.all());
        WebServer server = WebServer.start(
                parts.vertx(),
                WebServer.Options.loopback(SERVICE).onPort(options.port()),
                router,
                new CallerGuard(parts.secrets(), SERVICE, parts.clock()),
                parts.clock());
        return new WebhooksModule(
                database, resolver, sender, worker, forgetting, consumer, relay, doctor, webhooks, examination, server);
    }

    static AddressGuard guard(Database database, Receivers receivers, Resolver resolver, InstantSource clock) {
        return new AddressGuard(
                resolver,
                receivers == Receivers.ALSO_ON_THIS_MACHINE ? Loopback.ALLOWED : Loopback.REFUSED,
                new PostgresOpeningStore(database).receivers(clock));
    }

    /**
     * Operations for the admin API: an operator opens a port of this machine to a tenant's deliveries, for a trial.
     *
     * @param url asked at each operation
     */
    public static AddedOperations administration(Supplier<DatabaseUrl> url, InstantSource clock) {
        TrialAdministration.Access access = new TrialAdministration.Access() {
            @Override
            public <T> T with(Function<OpeningStore, T> work) {
                try (Database database = Database.open(url.get(), SERVICE, Schema.MIGRATIONS, 1)) {
                    return work.apply(new PostgresOpeningStore(database));
                } catch (SQLException e) {
                    throw new IllegalStateException("the webhooks' database cannot be opened", e);
                }
            }
        };
        return new TrialAdministration(access, clock).operations();
    }

    private static boolean isPlaced(FeedConsumer consumer) {
        try {
            return consumer.awaitPlace(FEED_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The public operations, for the gateway and the reference. */
    public static ApiDescription description() {
        return WebhookApi.description();
    }

    /** Every event that endpoints can ask for. */
    public static List<EventType> eventTypes() {
        return new Catalogue().all();
    }

    /** For pages in the same process. */
    public Webhooks webhooks() {
        return webhooks;
    }

    /** For pages in the same process. */
    public ReceiverDoctor doctor() {
        return examination;
    }

    public URI uri() {
        return server.uri();
    }

    /**
     * Follows the tenants' saved alerts, so that endpoints get the signals that an alert asks for.
     *
     * @param signals where the service that keeps them is; asked each time, as it may move
     */
    public void followAlerts(Supplier<URI> signals, Parts parts) {
        alerts = AlertFollower.start(
                new PostgresAlertStore(database),
                signals,
                parts.secrets(),
                new HttpCaller(parts.vertx(), ALERTS_PATIENCE));
    }

    @Override
    public void close() {
        AlertFollower following = alerts;
        if (following != null) {
            following.close();
        }
        server.close();
        forgetting.close();
        consumer.close();
        relay.close();
        doctor.close();
        worker.close();
        sender.close();
        if (resolver instanceof NameServers servers) {
            servers.close();
        }
        database.close();
    }
}
