package dev.gatehouse.webhooks.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.api.Precondition;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.webhooks.Attempt;
import dev.gatehouse.webhooks.Backlog;
import dev.gatehouse.webhooks.Delivery;
import dev.gatehouse.webhooks.DeliveryQuery;
import dev.gatehouse.webhooks.Endpoint;
import dev.gatehouse.webhooks.EndpointChange;
import dev.gatehouse.webhooks.EndpointWithSecret;
import dev.gatehouse.webhooks.EventType;
import dev.gatehouse.webhooks.NewEndpoint;
import dev.gatehouse.webhooks.Replay;
import dev.gatehouse.webhooks.Webhooks;
import dev.gatehouse.webhooks.delivery.DeliveryStore.Again;
import dev.gatehouse.webhooks.guard.AddressGuard;
import dev.gatehouse.webhooks.signature.SecretBox;
import dev.gatehouse.webhooks.signature.Signer;
import dev.gatehouse.webhooks.signature.SigningKeyPair;
import dev.gatehouse.webhooks.signature.SigningSecret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Webhooks as their owner manages them, over the stores. */
public final class StoredWebhooks implements Webhooks {
    /** How long an old secret signs beside its successor. */
    public static final Duration OVERLAP = Duration.ofHours(24);

    private static final int MOST_REPLAYED = 100_000;

    /** Replaced secrets that may sign at once: each makes the signature header longer, which receivers bound. */
    private static final int MOST_RETIRED = 8;

    /** A change is tried again when another came between; only a storm of them is told to come back. */
    private static final int TRIES = 50;

    /** Where things are kept, and how secrets are. */
    public record Stores(EndpointStore endpoints, DeliveryLog log, SecretBox box) {}

    private final Stores stores;
    private final AddressGuard guard;
    private final Catalogue catalogue;
    private final InstantSource clock;
    private final Consumer<Collection<Again>> offer;
    private final BooleanSupplier listening;
    private final @Nullable KeyMode mode;

    /**
     * @param offer told what is due once it is committed
     * @param listening whether events that happen from now on are seen; may wait for a moment until they are
     */
    public StoredWebhooks(
            Stores stores,
            AddressGuard guard,
            Catalogue catalogue,
            InstantSource clock,
            Consumer<Collection<Again>> offer,
            BooleanSupplier listening) {
        this(stores, guard, catalogue, clock, offer, listening, null);
    }

    private StoredWebhooks(
            Stores stores,
            AddressGuard guard,
            Catalogue catalogue,
            InstantSource clock,
            Consumer<Collection<Again>> offer,
            BooleanSupplier listening,
            @Nullable KeyMode mode) {
        this.stores = stores;
        this.guard = guard;
        this.catalogue = catalogue;
        this.clock = clock;
        this.offer = offer;
        this.listening = listening;
        this.mode = mode;
    }

    @Override
    public Webhooks in(KeyMode world) {
        return new StoredWebhooks(
                new Stores(stores.endpoints().in(world), stores.log().in(world), stores.box()),
                guard,
                catalogue,
                clock,
                offer,
                listening,
                world);
    }

    @Override
    public List<Endpoint> endpoints(TenantId tenant) {
        return stores.endpoints().all(tenant);
    }

    @Override
    public Endpoint endpoint(TenantId tenant, String id) {
        return stores.endpoints().find(tenant, id).orElseThrow(() -> missing("webhook endpoint", id));
    }

    @Override
    public EndpointWithSecret create(TenantId tenant, NewEndpoint asked) {
        EndpointRules rules = new EndpointRules(guard, catalogue)
                .url(tenant, asked.url())
                .description(asked.description())
                .eventTypes(asked.eventTypes())
                .filter(asked.filter(), asked.eventTypes())
                .alerts(
                        asked.filter().alerts(),
                        stores.endpoints().knownAlerts(tenant, asked.filter().alerts()));
        if (asked.secret() != null) {
            rules.secret(asked.secret(), asked.scheme());
        }
        rules.enforce();
        if (!listening.getAsBoolean()) {
            throw new ProblemException(
                    ProblemCode.UNAVAILABLE,
                    "Events cannot be followed just now, so an endpoint would miss some. Try again in a minute.");
        }
        Signer signer = asked.secret() == null
                ? fresh(asked.scheme())
                : Signer.parse(asked.secret()).orElseThrow();
        Instant now = clock.instant();
        Endpoint endpoint = new Endpoint(
                PrefixedId.next("whe", clock),
                tenant,
                Objects.requireNonNullElse(mode, KeyMode.LIVE),
                rules.normalUrl(),
                asked.description(),
                asked.eventTypes(),
                asked.filter(),
                Endpoint.Status.ENABLED,
                null,
                Endpoint.Breaker.CLOSED,
                null,
                null,
                new Endpoint.Signing(asked.scheme(), signer.publicKey()),
                asked.ordered(),
                now,
                now,
                1);
        if (!stores.endpoints().add(endpoint, stores.box().seal(endpoint.id(), signer), MOST_ENDPOINTS)) {
            throw new ProblemException(
                    ProblemCode.CONFLICT,
                    "There are " + MOST_ENDPOINTS
                            + " webhook endpoints already. Delete one, or use one for several event types.");
        }
        return shown(endpoint, signer);
    }

    private static Signer fresh(Endpoint.Scheme scheme) {
        return switch (scheme) {
            case V1 -> SigningSecret.random();
            case V1A -> SigningKeyPair.random();
        };
    }

    private static EndpointWithSecret shown(Endpoint endpoint, Signer signer) {
        return new EndpointWithSecret(endpoint, Objects.requireNonNullElse(signer.publicKey(), signer.text()));
    }

    @Override
    public Endpoint change(TenantId tenant, String id, EndpointChange change, Precondition precondition) {
        if (change.status() == Endpoint.Status.DISABLED) {
            throw Problem.of(
                            ProblemCode.INVALID_BODY,
                            "Not valid: status. See errors for each.",
                            List.of(new FieldError("status", "must be enabled or paused: to end it, delete it")))
                    .asException();
        }
        Endpoint old =
                upToDate(tenant, id, precondition, was -> stores.endpoints().update(changed(was, change)));
        Endpoint changed = endpoint(tenant, id);
        if (changed.status() == Endpoint.Status.ENABLED && old.status() != Endpoint.Status.ENABLED) {
            offerNow(changed);
        }
        return changed;
    }

    /** What an endpoint is after a change, which is checked against all that it was. */
    private Endpoint changed(Endpoint old, EndpointChange change) {
        EndpointRules rules = new EndpointRules(guard, catalogue);
        if (change.url() != null) {
            rules.url(old.tenant(), change.url());
        }
        Endpoint next = new Endpoint(
                old.id(),
                old.tenant(),
                old.mode(),
                change.url() == null ? old.url() : rules.normalUrl(),
                Objects.requireNonNullElse(change.description(), old.description()),
                Objects.requireNonNullElse(change.eventTypes(), old.eventTypes()),
                Objects.requireNonNullElse(change.filter(), old.filter()),
                Objects.requireNonNullElse(change.status(), old.status()),
                change.status() == null ? old.reason() : null,
                old.breaker(),
                old.failingSince(),
                old.previousSecretUntil(),
                old.signing(),
                Objects.requireNonNullElse(change.ordered(), old.ordered()),
                old.createdAt(),
                clock.instant(),
                old.version());
        // an alert that was deleted since must not stand in the way of another change
        List<String> added = next.filter().alerts().stream()
                .filter(alert -> !old.filter().alerts().contains(alert))
                .toList();
        rules.description(next.description())
                .eventTypes(next.eventTypes())
                .filter(next.filter(), next.eventTypes())
                .alerts(added, stores.endpoints().knownAlerts(old.tenant(), added))
                .enforce();
        return next;
    }

    /** Whether the change of an endpoint was written; it was not when the endpoint has changed meanwhile. */
    private interface Written {
        boolean from(Endpoint old);
    }

    /**
     * Changes an endpoint as it is now, again from the start when another change came between.
     *
     * @return what it was before
     */
    private Endpoint upToDate(TenantId tenant, String id, Precondition precondition, Written change) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Endpoint old = endpoint(tenant, id);
            precondition.check(old.version());
            if (change.from(old)) {
                return old;
            }
        }
        throw new ProblemException(
                ProblemCode.CONFLICT, "The endpoint is being changed by many requests at once. Try again.");
    }

    @Override
    public void delete(TenantId tenant, String id, Precondition precondition) {
        upToDate(tenant, id, precondition, old -> stores.endpoints().delete(old, clock.instant()));
    }

    @Override
    public EndpointWithSecret rotate(TenantId tenant, String id, Rotation rotation, Precondition precondition) {
        Signer signer = fresh(endpoint(tenant, id).signing().scheme());
        Instant now = clock.instant();
        Instant until = rotation == Rotation.OVERLAP ? now.plus(OVERLAP) : null;
        if (until != null && stores.endpoints().retiredSecrets(tenant, id, now) >= MOST_RETIRED) {
            throw new ProblemException(
                    ProblemCode.CONFLICT,
                    MOST_RETIRED
                            + " earlier secrets still sign this endpoint's deliveries, the most that may. Wait until"
                            + " the first of them ends, or end all of them with revokeNow.");
        }
        var sealed = new EndpointStore.Sealed(stores.box().seal(id, signer), signer.publicKey());
        upToDate(tenant, id, precondition, old -> stores.endpoints().replaceSecret(old, sealed, until, now));
        return shown(endpoint(tenant, id), signer);
    }

    @Override
    public Delivery sendTest(TenantId tenant, String id, String eventType) {
        Endpoint endpoint = sendable(tenant, id);
        EventType type = catalogue
                .find(eventType)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.INVALID_BODY,
                                "Not valid: type. See errors for each.",
                                List.of(new FieldError("type", catalogue.unknown(eventType))))
                        .asException());
        Instant now = clock.instant();
        ObjectNode payload = Json.MAPPER.createObjectNode();
        payload.put("type", type.name());
        payload.put("timestamp", now.toString());
        payload.put("sequence", 0);
        payload.put("test", true);
        payload.set("data", Json.tree(type.example()));
        DeliveryLog.TestMessage message = new DeliveryLog.TestMessage(
                PrefixedId.next("dlv", clock), PrefixedId.next("msg", clock), type.name(), Json.text(payload));
        stores.log().addTest(tenant, id, message, now);
        offerNow(endpoint);
        return delivery(tenant, message.delivery());
    }

    @Override
    public Backlog backlog(TenantId tenant, String id) {
        endpoint(tenant, id);
        return stores.log().backlog(tenant, id, clock.instant());
    }

    @Override
    public List<Delivery> deliveries(TenantId tenant, DeliveryQuery query) {
        if (query.endpoint() != null) {
            endpoint(tenant, query.endpoint());
        }
        return stores.log().list(tenant, query);
    }

    @Override
    public Delivery delivery(TenantId tenant, String id) {
        return stores.log().find(tenant, id).orElseThrow(() -> missing("delivery", id));
    }

    @Override
    public List<Attempt> attempts(TenantId tenant, String delivery) {
        delivery(tenant, delivery);
        return stores.log().attempts(tenant, delivery);
    }

    @Override
    public String payload(TenantId tenant, String delivery) {
        return stores.log().payload(tenant, delivery).orElseThrow(() -> missing("delivery", delivery));
    }

    @Override
    public Delivery replay(TenantId tenant, String delivery) {
        Delivery old = delivery(tenant, delivery);
        Endpoint endpoint = sendable(tenant, old.endpoint());
        if (old.status() == Delivery.Status.PENDING) {
            throw new ProblemException(
                    ProblemCode.CONFLICT, "This delivery is still pending: it is made without a replay.");
        }
        String id = PrefixedId.next("dlv", clock);
        stores.log().replay(tenant, delivery, id, clock.instant());
        offerNow(endpoint);
        return delivery(tenant, id);
    }

    @Override
    public Replay.Preview preview(TenantId tenant, String endpoint, Replay replay) {
        sendable(tenant, endpoint);
        return stores.log().preview(tenant, endpoint, checked(replay));
    }

    @Override
    public long replay(TenantId tenant, String endpoint, Replay replay) {
        Endpoint to = sendable(tenant, endpoint);
        long count = preview(tenant, endpoint, replay).count();
        if (count > MOST_REPLAYED) {
            throw new ProblemException(
                    ProblemCode.REFUSED,
                    "That is " + count + " deliveries; a replay may hold " + MOST_REPLAYED
                            + ". Ask for a shorter time.");
        }
        long made = stores.log().replay(tenant, endpoint, replay, clock.instant());
        offerNow(to);
        return made;
    }

    @Override
    public long cancelReplays(TenantId tenant, String endpoint) {
        endpoint(tenant, endpoint);
        return stores.log().cancelReplays(tenant, endpoint, clock.instant());
    }

    private static Replay checked(Replay replay) {
        if (!replay.since().isBefore(replay.until())) {
            throw Problem.of(
                            ProblemCode.INVALID_BODY,
                            "Not valid: since. See errors for each.",
                            List.of(new FieldError("since", "must be before until")))
                    .asException();
        }
        return replay;
    }

    private Endpoint sendable(TenantId tenant, String id) {
        Endpoint endpoint = endpoint(tenant, id);
        if (endpoint.status() == Endpoint.Status.DISABLED) {
            throw new ProblemException(
                    ProblemCode.CONFLICT,
                    "The endpoint is disabled: " + endpoint.reason()
                            + " Enable it first, with PATCH and status enabled.");
        }
        return endpoint;
    }

    private void offerNow(Endpoint endpoint) {
        offer.accept(List.of(new Again(endpoint.id(), endpoint.tenant(), clock.instant())));
    }

    private static ProblemException missing(String what, String id) {
        return new ProblemException(
                ProblemCode.NOT_FOUND, "You have no " + what + " " + id.substring(0, Math.min(id.length(), 60)) + ".");
    }
}
