package dev.gatehouse.portal.page;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.portal.reference.Text;
import dev.gatehouse.portal.shown.ShownSecrets;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.webhooks.Attempt;
import dev.gatehouse.webhooks.Backlog;
import dev.gatehouse.webhooks.Delivery;
import dev.gatehouse.webhooks.DeliveryQuery;
import dev.gatehouse.webhooks.Endpoint;
import dev.gatehouse.webhooks.EndpointChange;
import dev.gatehouse.webhooks.EndpointWithSecret;
import dev.gatehouse.webhooks.EventFilter;
import dev.gatehouse.webhooks.NewEndpoint;
import dev.gatehouse.webhooks.Replay;
import dev.gatehouse.webhooks.Webhooks;
import dev.gatehouse.webhooks.WebhooksModule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Endpoints: where events go, how they arrive, and what to do when they do not. */
public final class WebhookPages {
    private static final int PAGE = 50;
    private static final int REPLAY_PACE = 10;
    private static final Duration REPLAYED = Duration.ofDays(30);
    private static final List<String> TYPES =
            WebhooksModule.eventTypes().stream().map(type -> type.name()).toList();

    private final Webhooks webhooks;
    private final AuditTrail trail;
    private final Pages pages;
    private final ShownSecrets shown;
    private final InstantSource clock;

    public WebhookPages(Webhooks webhooks, AuditTrail trail, Pages pages, ShownSecrets shown, InstantSource clock) {
        this.webhooks = webhooks;
        this.trail = trail;
        this.pages = pages;
        this.shown = shown;
        this.clock = clock;
    }

    public void addTo(Site table) {
        table.get("/webhooks", Access.MEMBER, this::list)
                .get("/webhooks/new", Access.DEVELOPER, visit -> form(visit, Fields.empty(), List.of(), null))
                .post("/webhooks", Access.DEVELOPER, this::create)
                .get("/webhooks/{endpoint}", Access.MEMBER, this::one)
                .get("/webhooks/{endpoint}/edit", Access.DEVELOPER, this::edit)
                .get("/webhooks/{endpoint}/shown", Access.DEVELOPER, this::shown)
                .post("/webhooks/{endpoint}/edit", Access.DEVELOPER, this::change)
                .post("/webhooks/{endpoint}/test", Access.DEVELOPER, this::test)
                .post("/webhooks/{endpoint}/status", Access.DEVELOPER, this::status)
                .get("/webhooks/{endpoint}/secret", Access.DEVELOPER, visit -> ask(visit, "webhook-secret.jte"))
                .post("/webhooks/{endpoint}/secret", Access.DEVELOPER, this::rotate)
                .get("/webhooks/{endpoint}/delete", Access.DEVELOPER, visit -> ask(visit, "webhook-delete.jte"))
                .post("/webhooks/{endpoint}/delete", Access.DEVELOPER, this::delete)
                .post("/webhooks/{endpoint}/replay", Access.DEVELOPER, this::replayDead)
                .get("/webhooks/deliveries/{delivery}", Access.MEMBER, this::delivery)
                .post("/webhooks/deliveries/{delivery}/replay", Access.DEVELOPER, this::replay);
    }

    /**
     * An endpoint in the list.
     *
     * @param last the newest delivery; null when there is none
     */
    public record Row(
            Endpoint endpoint, Backlog backlog, @Nullable Delivery last) {}

    private Response list(Visit visit) {
        TenantId tenant = visit.home().id();
        List<Row> rows = webhooks.endpoints(tenant).stream()
                .map(endpoint -> new Row(
                        endpoint,
                        webhooks.backlog(tenant, endpoint.id()),
                        webhooks.deliveries(tenant, DeliveryQuery.newest(1).of(endpoint.id())).stream()
                                .findFirst()
                                .orElse(null)))
                .toList();
        return pages.page(
                visit,
                "Webhooks",
                "webhooks",
                "webhooks.jte",
                Map.of("rows", rows, "types", WebhooksModule.eventTypes()));
    }

    private Response form(Visit visit, Fields fields, List<String> chosen, @Nullable Endpoint endpoint) {
        Map<String, Object> values = new HashMap<>();
        values.put("fields", fields);
        values.put("chosen", chosen);
        values.put("types", WebhooksModule.eventTypes());
        values.put("endpoint", endpoint);
        return pages.page(
                fields.ok() ? 200 : 422,
                visit,
                endpoint == null ? "Add an endpoint" : "Change the endpoint",
                "webhooks",
                "webhook-form.jte",
                values);
    }

    private static Fields typed(Visit visit) {
        return Fields.typed("url", visit.form().text("url"))
                .with("description", visit.form().text("description"))
                .with("areas", visit.form().text("areas"));
    }

    private static List<String> chosen(Visit visit) {
        return visit.form().all("type").stream().filter(TYPES::contains).toList();
    }

    private static EventFilter filter(Visit visit) {
        List<String> areas = visit.form()
                .text("areas")
                .lines()
                .flatMap(line -> List.of(line.split(",")).stream())
                .map(String::strip)
                .filter(area -> !area.isEmpty())
                .toList();
        return new EventFilter(areas, List.of(), List.of(), List.of());
    }

    private Response create(Visit visit) {
        Fields fields = typed(visit);
        List<String> chosen = chosen(visit);
        try {
            EndpointWithSecret made = webhooks.create(
                    visit.home().id(),
                    new NewEndpoint(fields.value("url"), fields.value("description"), chosen, filter(visit), null));
            trail.note(
                    visit,
                    "webhook.create",
                    made.endpoint().id() + " " + made.endpoint().url());
            return shownOnce(visit, made, "");
        } catch (ProblemException e) {
            return form(visit, faults(fields, e), chosen, null);
        }
    }

    private Response edit(Visit visit) {
        Endpoint endpoint = find(visit);
        Fields fields = Fields.typed("url", endpoint.url())
                .with("description", endpoint.description())
                .with("areas", String.join("\n", endpoint.filter().areas()));
        return form(visit, fields, endpoint.eventTypes(), endpoint);
    }

    private Response change(Visit visit) {
        Endpoint endpoint = find(visit);
        Fields fields = typed(visit);
        List<String> chosen = chosen(visit);
        EventFilter old = endpoint.filter();
        try {
            webhooks.change(
                    visit.home().id(),
                    endpoint.id(),
                    new EndpointChange(
                            fields.value("url"),
                            fields.value("description"),
                            chosen,
                            new EventFilter(filter(visit).areas(), old.propertyTypes(), old.subjects(), old.alerts()),
                            null));
        } catch (ProblemException e) {
            return form(visit, faults(fields, e), chosen, endpoint);
        }
        trail.note(visit, "webhook.change", endpoint.id() + " " + fields.value("url"));
        return Response.seeOther("/webhooks/" + endpoint.id());
    }

    private Response one(Visit visit) {
        TenantId tenant = visit.home().id();
        Endpoint endpoint = find(visit);
        String show = visit.request().parameter("show").orElse("all");
        Delivery.Status only = switch (show) {
            case "waiting" -> Delivery.Status.PENDING;
            case "failed" -> Delivery.Status.DEAD;
            case "delivered" -> Delivery.Status.DELIVERED;
            default -> null;
        };
        String before = visit.request()
                .parameter("before")
                .filter(id -> id.matches("dlv_[0-9a-z]{26}"))
                .orElse(null);
        List<Delivery> deliveries =
                webhooks.deliveries(tenant, new DeliveryQuery(endpoint.id(), only, null, null, null, before, PAGE));
        Backlog backlog = webhooks.backlog(tenant, endpoint.id());
        Map<String, Object> values = new HashMap<>();
        values.put("endpoint", endpoint);
        values.put("backlog", backlog);
        values.put("deliveries", deliveries);
        values.put("show", only == null ? "all" : show);
        values.put("next", deliveries.size() == PAGE ? deliveries.getLast().id() : "");
        values.put("diagnosis", diagnosis(tenant, endpoint).orElse(null));
        values.put("types", endpoint.eventTypes().isEmpty() ? TYPES : endpoint.eventTypes());
        return pages.page(visit, "Endpoint", "webhooks", "webhook.jte", values);
    }

    private Optional<Diagnosis> diagnosis(TenantId tenant, Endpoint endpoint) {
        List<Attempt> last = webhooks
                .deliveries(tenant, DeliveryQuery.newest(20).of(endpoint.id()))
                .stream()
                .filter(delivery -> delivery.lastError() != null)
                .findFirst()
                .map(delivery -> webhooks.attempts(tenant, delivery.id()))
                .orElse(List.of());
        return Diagnosis.of(endpoint, last);
    }

    private Response test(Visit visit) {
        Endpoint endpoint = find(visit);
        String type = visit.form().text("type");
        Delivery sent = webhooks.sendTest(visit.home().id(), endpoint.id(), type);
        trail.note(visit, "webhook.test", endpoint.id() + " " + type);
        return Response.seeOther("/webhooks/deliveries/" + sent.id());
    }

    private Response status(Visit visit) {
        Endpoint endpoint = find(visit);
        Endpoint.Status wanted =
                visit.form().text("status").equals("paused") ? Endpoint.Status.PAUSED : Endpoint.Status.ENABLED;
        webhooks.change(visit.home().id(), endpoint.id(), EndpointChange.to(wanted));
        trail.note(visit, "webhook." + (wanted == Endpoint.Status.PAUSED ? "pause" : "enable"), endpoint.id());
        return Response.seeOther("/webhooks/" + endpoint.id());
    }

    private Response ask(Visit visit, String template) {
        Endpoint endpoint = find(visit);
        return pages.page(
                visit,
                template.contains("delete") ? "Delete an endpoint" : "Replace the secret",
                "webhooks",
                template,
                Map.of(
                        "endpoint",
                        endpoint,
                        "backlog",
                        webhooks.backlog(visit.home().id(), endpoint.id())));
    }

    private Response rotate(Visit visit) {
        Endpoint endpoint = find(visit);
        Webhooks.Rotation rotation =
                visit.form().text("rotation").equals("at-once") ? Webhooks.Rotation.AT_ONCE : Webhooks.Rotation.OVERLAP;
        EndpointWithSecret next = webhooks.rotate(visit.home().id(), endpoint.id(), rotation);
        trail.note(visit, "webhook.rotate", endpoint.id());
        return shownOnce(visit, next, "?of=rotated");
    }

    /** Leads to the page that shows the secret: to load a page again must make neither an endpoint nor a secret. */
    private Response shownOnce(Visit visit, EndpointWithSecret made, String more) {
        shown.keep(visit.person(), made.endpoint().id(), made.secret());
        return Response.seeOther("/webhooks/" + made.endpoint().id() + "/shown" + more);
    }

    private Response shown(Visit visit) {
        Endpoint endpoint = find(visit);
        Optional<String> secret = shown.show(visit.person(), endpoint.id());
        if (secret.isEmpty()) {
            return Response.seeOther("/webhooks/" + endpoint.id());
        }
        boolean isNext = visit.request().parameter("of").orElse("").equals("rotated");
        return pages.page(
                visit,
                isNext ? "The endpoint’s new secret" : "Your endpoint’s secret",
                "webhooks",
                "webhook-shown.jte",
                Map.of(
                        "endpoint", endpoint,
                        "secret", secret.get(),
                        "snippets", Quickstart.verifying(secret.get())));
    }

    private Response delete(Visit visit) {
        Endpoint endpoint = find(visit);
        webhooks.delete(visit.home().id(), endpoint.id());
        trail.note(visit, "webhook.delete", endpoint.id() + " " + endpoint.url());
        return Response.seeOther("/webhooks");
    }

    private Response replayDead(Visit visit) {
        Endpoint endpoint = find(visit);
        Instant now = clock.instant();
        long made = webhooks.replay(
                visit.home().id(),
                endpoint.id(),
                new Replay(Set.of(Delivery.Status.DEAD), null, now.minus(REPLAYED), now, REPLAY_PACE));
        trail.note(visit, "webhook.replay", endpoint.id() + " " + made + " deliveries");
        return Response.seeOther("/webhooks/" + endpoint.id() + "?show=waiting");
    }

    /** An attempt with what it means. */
    public record Tried(Attempt attempt, @Nullable Diagnosis diagnosis) {}

    private Response delivery(Visit visit) {
        TenantId tenant = visit.home().id();
        Delivery delivery = webhooks.delivery(tenant, visit.request().pathParameter("delivery"));
        List<Tried> tried = new ArrayList<>();
        for (Attempt attempt : webhooks.attempts(tenant, delivery.id())) {
            tried.addFirst(new Tried(attempt, Diagnosis.of(attempt).orElse(null)));
        }
        Map<String, Object> values = new HashMap<>();
        values.put("delivery", delivery);
        values.put("endpoint", endpointOf(tenant, delivery).orElse(null));
        values.put("attempts", tried);
        values.put("payload", Text.json(webhooks.payload(tenant, delivery.id())));
        if (visit.wantsFragment()) {
            boolean settled = delivery.status() != Delivery.Status.PENDING;
            values.put("maySend", visit.member().role().mayChangeKeys());
            values.put("formToken", visit.formToken());
            return pages.fragment(settled ? 286 : 200, "deliveryState.jte", values);
        }
        return pages.page(visit, delivery.type(), "webhooks", "delivery.jte", values);
    }

    private Optional<Endpoint> endpointOf(TenantId tenant, Delivery delivery) {
        return webhooks.endpoints(tenant).stream()
                .filter(endpoint -> endpoint.id().equals(delivery.endpoint()))
                .findFirst();
    }

    private Response replay(Visit visit) {
        Delivery again = webhooks.replay(visit.home().id(), visit.request().pathParameter("delivery"));
        trail.note(visit, "webhook.replay", again.id());
        return Response.seeOther("/webhooks/deliveries/" + again.id());
    }

    private Endpoint find(Visit visit) {
        return webhooks.endpoint(visit.home().id(), visit.request().pathParameter("endpoint"));
    }

    private static Fields faults(Fields fields, ProblemException e) {
        if (!e.problem().code().equals(ProblemCode.INVALID_BODY.text())) {
            return fields.fault("url", e.problem().detail());
        }
        Fields marked = fields;
        for (FieldError error : e.problem().errors()) {
            String field = error.field().startsWith("filter") ? "areas" : error.field();
            marked = marked.fault(field, Show.sentence(error.message()));
        }
        return marked;
    }

    /** How a delivery stands, in a word. */
    public static String word(Delivery delivery) {
        return switch (delivery.status()) {
            case PENDING -> delivery.attempts() == 0 ? "Waiting" : "Tried again";
            case DELIVERED -> "Delivered";
            case DEAD -> "Given up";
            case CANCELLED -> "Cancelled";
        };
    }

    public static String tone(Delivery delivery) {
        return switch (delivery.status()) {
            case PENDING -> delivery.lastError() == null ? "off" : "warn";
            case DELIVERED -> "ok";
            case DEAD -> "bad";
            case CANCELLED -> "off";
        };
    }

    public static String word(Endpoint endpoint) {
        return switch (endpoint.status()) {
            case PAUSED -> "Paused";
            case DISABLED -> "Disabled";
            case ENABLED ->
                endpoint.breaker() == Endpoint.Breaker.OPEN
                        ? "Parked"
                        : endpoint.failingSince() != null ? "Failing" : "Delivers";
        };
    }

    public static String tone(Endpoint endpoint) {
        return switch (word(endpoint).toLowerCase(Locale.ROOT)) {
            case "delivers" -> "ok";
            case "paused" -> "off";
            case "failing" -> "warn";
            default -> "bad";
        };
    }
}
