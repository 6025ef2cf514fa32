package dev.gatehouse.billing.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.billing.Billing;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.MonthToDate;
import dev.gatehouse.billing.account.InvoiceViews;
import dev.gatehouse.billing.price.Agreement;
import dev.gatehouse.billing.price.PriceBook;
import dev.gatehouse.billing.price.PriceFault;
import dev.gatehouse.billing.price.PriceFormat;
import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.billing.price.PriceOverride;
import dev.gatehouse.billing.price.StoredAgreements;
import dev.gatehouse.billing.store.BillingStore;
import dev.gatehouse.billing.store.Session;
import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.AdminPart.Change;
import dev.gatehouse.directory.AdminPart.Changed;
import dev.gatehouse.directory.AdminPart.Mode;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiRouter.Handler;
import dev.gatehouse.runtime.http.Response;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What operators do with prices. */
public final class PriceOperations {
    private final BillingStore store;
    private final PriceBook book;
    private final StoredAgreements agreements;
    private final Billing billing;
    private final Directory directory;
    private final InstantSource clock;

    public PriceOperations(
            BillingStore store,
            PriceBook book,
            StoredAgreements agreements,
            Billing billing,
            Directory directory,
            InstantSource clock) {
        this.store = store;
        this.book = book;
        this.agreements = agreements;
        this.billing = billing;
        this.directory = directory;
        this.clock = clock;
    }

    void add(Map<String, Handler> reading, Map<String, Change> changing) {
        reading.put("listPriceLists", this::list);
        reading.put("getTenantBilling", this::tenantBilling);
        changing.put("addPriceList", this::addList);
        changing.put("addPriceOverride", this::addOverride);
        changing.put("endPriceOverride", this::endOverride);
    }

    static Tenant tenant(Directory directory, ApiCall call) {
        String name = call.text("tenant").orElse("");
        return directory.findTenant(name).orElseThrow(() -> Refusals.notFound("tenant", name));
    }

    /** Runs a change in one transaction; a trial is taken back. */
    static <T> T within(BillingStore store, Mode mode, Function<Session, T> work) {
        return store.asSystem(session -> {
            session.mark();
            T value = work.apply(session);
            if (mode == Mode.TRIAL) {
                session.undo();
            }
            return value;
        });
    }

    /**
     * What a change is remembered by in its own transaction: the admin API keeps its answer in another one afterwards, and
     * may be killed in between.
     */
    static @Nullable String requestKey(ApiCall call, Actor actor) {
        return call.request()
                .header("idempotency-key")
                .map(given -> actor.name() + " " + given)
                .orElse(null);
    }

    private Response list(ApiCall call) {
        return Response.ok(
                Map.of("data", book.all().stream().map(PriceFormat::write).toList()));
    }

    private Response tenantBilling(ApiCall call) {
        Tenant tenant = tenant(directory, call);
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("tenant", tenant.id());
        view.put("slug", tenant.slug());
        Optional<Agreement> agreed = agreements.of(tenant.id());
        view.put(
                "currency",
                agreed.flatMap(found -> found.currencyAt(clock.instant()))
                        .map(Currency::getCurrencyCode)
                        .orElse(null));
        view.put(
                "prices",
                agreed.flatMap(found -> found.pricesAt(clock.instant()))
                        .map(PriceFormat::write)
                        .orElse(null));
        view.put(
                "agreed",
                agreed.map(Agreement::agreed).orElse(List.of()).stream()
                        .map(AgreementOperations::view)
                        .toList());
        view.put("trialUntil", agreed.map(Agreement::trialUntil).orElse(null));
        view.put("faults", agreed.map(Agreement::faults).orElse(List.of()));
        view.put(
                "overrides",
                agreed.map(Agreement::overrides).orElse(List.of()).stream()
                        .map(PriceOperations::view)
                        .toList());
        Optional<MonthToDate> month = billing.monthToDate(tenant.id());
        view.put(
                "monthToDate",
                month.map(found -> InvoiceViews.amount(found.draft().total())).orElse(null));
        view.put(
                "estimate",
                month.map(MonthToDate::estimate).map(InvoiceViews::amount).orElse(null));
        view.put(
                "draft",
                month.map(found -> InvoiceId.of(tenant.id(), found.draft().period()))
                        .orElse(null));
        view.put("lines", month.map(found -> InvoiceViews.lines(found.draft())).orElse(List.of()));
        view.put("spendCapped", tenant.spendCapped());
        return Response.ok(view);
    }

    private static ObjectNode view(PriceOverride override) {
        ObjectNode view = PriceFormat.write(override);
        view.put("id", override.id());
        return view;
    }

    private Changed addList(ApiCall call, Actor actor, Mode mode) {
        ObjectNode body = call.json().deepCopy();
        body.put("plan", call.text("plan").orElse(""));
        body.put("currency", call.text("currency").orElse(""));
        body.put("version", call.integer("version").orElse(0));
        try {
            PriceList list = PriceFormat.readList(body, "");
            if (directory.plan(list.plan()).isEmpty()) {
                throw Refusals.notFound("plan", list.plan());
            }
            boolean unused = within(store, mode, session -> book.add(session, list, actor.name()));
            ObjectNode written = PriceFormat.write(list);
            return new Changed(
                    200, written, list.plan() + "/" + list.currency() + "/" + list.version(), null, null, written);
        } catch (PriceFault e) {
            throw Refusals.of(e);
        }
    }

    private Changed addOverride(ApiCall call, Actor actor, Mode mode) {
        Tenant tenant = tenant(directory, call);
        try {
            PriceOverride override = PriceFormat.readOverride(call.json(), PrefixedId.next("pov", clock), tenant.id());
            Instant open =
                    dev.gatehouse.billing.BillingPeriod.holding(clock.instant()).from();
            if (override.from().isBefore(open)) {
                throw Refusals.refused("from", "is before " + open + ": months that are over keep their prices");
            }
            String key = requestKey(call, actor);
            return within(store, mode, session -> {
                Optional<PriceOverride> before = Optional.ofNullable(key).flatMap(session.prices()::overrideByKey);
                if (before.isEmpty()) {
                    session.prices().insert(override, clock.instant(), actor.name(), actor.reason(), key);
                } else if (!PriceFormat.write(before.get()).equals(PriceFormat.write(override))
                        || !before.get().tenant().equals(tenant.id())) {
                    throw Refusals.otherRequest();
                }
                ObjectNode view = view(before.orElse(override));
                return new Changed(201, view, before.orElse(override).id(), tenant.id(), null, view);
            });
        } catch (PriceFault e) {
            throw Refusals.of(e);
        }
    }

    private Changed endOverride(ApiCall call, Actor actor, Mode mode) {
        Tenant tenant = tenant(directory, call);
        String id = call.text("override").orElse("");
        Instant until;
        try {
            until = OffsetDateTime.parse(call.json().path("until").asText()).toInstant();
        } catch (DateTimeException e) {
            throw Refusals.refused("until", "must be an instant, as in 2027-01-01T00:00:00Z");
        }
        if (until.isBefore(clock.instant().truncatedTo(ChronoUnit.HOURS))) {
            throw Refusals.refused("until", "is past: prices that held are not changed afterwards");
        }
        return within(store, mode, session -> {
            PriceOverride before =
                    session.prices().override(tenant.id(), id).orElseThrow(() -> Refusals.notFound("override", id));
            Instant end = before.until();
            if (until.equals(end)) {
                return new Changed(200, view(before), id, tenant.id(), view(before), view(before));
            }
            if (end != null && !end.isAfter(clock.instant())) {
                throw Refusals.refused(
                        "until",
                        "cannot change: the override has ended at " + end
                                + ", and what held since is not changed afterwards. Add another one");
            }
            if (end != null && until.isAfter(end)) {
                throw Refusals.refused(
                        "until",
                        "is after " + end + ", until which the override was agreed on: add another one from then on");
            }
            PriceOverride after;
            try {
                after = before.endingAt(until);
            } catch (IllegalArgumentException e) {
                String text = String.valueOf(e.getMessage());
                throw Refusals.refused("until", text.substring(text.indexOf(' ') + 1));
            }
            session.prices().end(before, until);
            return new Changed(200, view(after), id, tenant.id(), view(before), view(after));
        });
    }
}
