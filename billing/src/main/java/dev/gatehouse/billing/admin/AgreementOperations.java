package dev.gatehouse.billing.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceState;
import dev.gatehouse.billing.account.InvoiceViews;
import dev.gatehouse.billing.close.InvoiceMaker;
import dev.gatehouse.billing.price.Agreement;
import dev.gatehouse.billing.price.Agreement.Agreed;
import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.billing.price.StoredAgreements;
import dev.gatehouse.billing.store.AgreementRows.Cause;
import dev.gatehouse.billing.store.AgreementRows.Row;
import dev.gatehouse.billing.store.BillingStore;
import dev.gatehouse.billing.store.Session;
import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.AdminPart.Change;
import dev.gatehouse.directory.AdminPart.Changed;
import dev.gatehouse.directory.AdminPart.Mode;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.tenant.TenantStatus;
import dev.gatehouse.runtime.api.ApiCall;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What operators change of what tenants have agreed to: the currency, the version of prices, and the end. */
public final class AgreementOperations {
    private static final int PAGE = 500;

    private final BillingStore store;
    private final StoredAgreements agreements;
    private final InvoiceMaker maker;
    private final Duration window;
    private final Directory directory;
    private final InstantSource clock;

    /** @param window how long the ledger takes late usage */
    public AgreementOperations(
            BillingStore store,
            StoredAgreements agreements,
            InvoiceMaker maker,
            Duration window,
            Directory directory,
            InstantSource clock) {
        this.store = store;
        this.agreements = agreements;
        this.maker = maker;
        this.window = window;
        this.directory = directory;
        this.clock = clock;
    }

    void add(Map<String, Change> changing) {
        changing.put("setTenantCurrency", this::setCurrency);
        changing.put("movePrices", this::movePrices);
        changing.put("endAgreement", this::end);
    }

    static Map<String, Object> view(Agreed agreed) {
        Map<String, Object> view = new LinkedHashMap<>();
        PriceList prices = agreed.prices();
        view.put("since", agreed.since());
        view.put("plan", prices == null ? null : prices.plan());
        view.put("currency", prices == null ? null : prices.currency().getCurrencyCode());
        view.put("version", prices == null ? null : prices.version());
        return view;
    }

    private Agreement agreement(Tenant tenant) {
        return agreements
                .of(tenant.id())
                .filter(found -> found.since().isPresent())
                .orElseThrow(() -> Refusals.refused("tenant", "has no agreement"));
    }

    private Changed setCurrency(ApiCall call, Actor actor, Mode mode) {
        Tenant tenant = PriceOperations.tenant(directory, call);
        Currency wanted;
        try {
            wanted = Currency.getInstance(call.json().path("currency").asText());
        } catch (IllegalArgumentException e) {
            throw Refusals.refused("currency", "must be a currency of ISO 4217, as in USD");
        }
        Instant now = clock.instant();
        BillingPeriod running = BillingPeriod.holding(now);
        Agreement agreed = agreement(tenant);
        Currency before = agreed.currencyAt(now).orElseThrow();
        if (!before.equals(wanted)) {
            List<Agreed> converted = converted(agreed, running, wanted, now);
            boolean late = maker.make(tenant.id(), running).stream()
                    .flatMap(run -> run.output().lines().stream())
                    .anyMatch(line -> line.kind() == InvoiceLine.Kind.ADJUSTMENT);
            if (late) {
                throw Refusals.refused(
                        "currency",
                        "cannot change in this month: its invoice corrects an earlier one in " + before
                                + ". Change it next month");
            }
            PriceOperations.within(store, mode, session -> {
                requireNothingWaits(session, tenant.id(), agreed, before, running);
                int place = session.prices().kept(tenant.id()).agreements().size();
                for (Agreed one : converted) {
                    place++;
                    session.agreements()
                            .insert(
                                    tenant.id(),
                                    new Row(place, one.since(), one.prices(), null, Cause.CURRENCY, null),
                                    now,
                                    actor.name(),
                                    actor.reason());
                }
                return place;
            });
        }
        Map<String, Object> after = currencyView(tenant, wanted, before.equals(wanted) ? null : running.from());
        return new Changed(200, after, tenant.id().value(), tenant.id(), currencyView(tenant, before, null), after);
    }

    private static Map<String, Object> currencyView(Tenant tenant, Currency currency, @Nullable Instant since) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("tenant", tenant.id());
        view.put("currency", currency.getCurrencyCode());
        view.put("since", since);
        return view;
    }

    /** The running month's agreements in another currency: an invoice is in one. */
    private static List<Agreed> converted(Agreement agreed, BillingPeriod running, Currency wanted, Instant now) {
        List<Agreed> converted = new ArrayList<>();
        List<Agreed> all = agreed.agreed();
        for (int i = 0; i < all.size(); i++) {
            PriceList prices = all.get(i).prices();
            boolean over = i + 1 < all.size() && !all.get(i + 1).since().isAfter(running.from());
            if (prices == null || over || all.get(i).since().isAfter(now)) {
                continue;
            }
            PriceList other = agreed.offers()
                    .offered(prices.plan(), wanted, now)
                    .orElseThrow(() -> Refusals.refused(
                            "currency", "is " + wanted + ", in which the plan " + prices.plan() + " has no prices"));
            Instant since = all.get(i).since();
            converted.add(new Agreed(since.isBefore(running.from()) ? running.from() : since, other));
        }
        if (converted.isEmpty()) {
            throw Refusals.refused("currency", "cannot change: the agreement with the tenant has ended");
        }
        return converted;
    }

    /** Nothing may be left behind that only an invoice in the old currency could bear. */
    private void requireNothingWaits(
            Session session, TenantId tenant, Agreement agreed, Currency before, BillingPeriod running) {
        session.lock("close " + tenant);
        session.lock("agreement " + tenant);
        BillingPeriod last = BillingPeriod.holding(running.from().minusSeconds(1));
        boolean isFinal = session.invoices()
                .find(InvoiceId.of(tenant, last))
                .map(row -> row.summary().state() == InvoiceState.FINAL)
                .orElse(false);
        Instant late = last.to().plus(window);
        if (isFinal && !agreed.terms(last).isEmpty() && clock.instant().isBefore(late)) {
            throw Refusals.refused(
                    "currency",
                    "cannot change before " + late + ": until then usage of the month before, which is invoiced in "
                            + before + ", may still come");
        }
        if (!session.credits()
                .waiting(tenant, clock.instant(), before.getCurrencyCode())
                .isEmpty()) {
            throw Refusals.refused(
                    "currency",
                    "cannot change in this month: a credit in " + before
                            + " waits for its invoice. Change it once that is given back");
        }
        if (session.extras().waiting(tenant, running.from(), before.getCurrencyCode()).stream()
                .anyMatch(extra -> isFinal || !extra.from().isBefore(running.from()))) {
            throw Refusals.refused(
                    "currency",
                    "cannot change in this month: a line in " + before
                            + " waits for its invoice. Change it next month");
        }
    }

    private Changed movePrices(ApiCall call, Actor actor, Mode mode) {
        String plan = call.text("plan").orElse("");
        String currency = call.text("currency").orElse("");
        int version = call.integer("version").orElse(0);
        JsonNode body = call.json();
        Instant from = from(body.path("from").asText());
        PriceList target = store.asSystem(session -> session.prices().lists()).stream()
                .filter(list -> list.plan().equals(plan)
                        && list.currency().getCurrencyCode().equals(currency)
                        && list.version() == version)
                .findFirst()
                .orElseThrow(() -> Refusals.notFound("price list", plan + "/" + currency + "/" + version));
        if (target.startsAt().isAfter(from)) {
            throw Refusals.refused("from", "is before " + target.startsAt() + ", from which these prices are on offer");
        }
        List<Tenant> tenants = body.path("tenant").isTextual()
                ? List.of(directory
                        .findTenant(body.path("tenant").asText())
                        .orElseThrow(() ->
                                Refusals.notFound("tenant", body.path("tenant").asText())))
                : tenants();
        return PriceOperations.within(store, mode, session -> {
            List<Map<String, Object>> moved = new ArrayList<>();
            List<Map<String, Object>> faults = new ArrayList<>();
            for (Tenant tenant : tenants) {
                try {
                    move(session, tenant, target, from, actor).ifPresent(moved::add);
                } catch (IllegalStateException | IllegalArgumentException e) {
                    faults.add(Map.of("tenant", tenant.slug(), "why", String.valueOf(e.getMessage())));
                }
            }
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("prices", plan + "/" + currency + "/" + version);
            view.put("from", from);
            view.put("tenants", moved);
            view.put("faults", faults);
            return new Changed(200, view, plan + "/" + currency + "/" + version, null, null, view);
        });
    }

    private Instant from(String text) {
        Instant from;
        try {
            from = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw Refusals.refused("from", "must be an instant, as in 2027-01-01T00:00:00Z");
        }
        if (!from.equals(from.truncatedTo(ChronoUnit.HOURS))) {
            throw Refusals.refused("from", "must be the beginning of an hour");
        }
        if (!from.isAfter(clock.instant())) {
            throw Refusals.refused("from", "is past: what held is not changed afterwards");
        }
        return from;
    }

    /** Empty when the tenant is not on another version of these prices. */
    private Optional<Map<String, Object>> move(
            Session session, Tenant tenant, PriceList target, Instant from, Actor actor) {
        // writes down what the tenant has agreed to by now, under the lock that is taken next
        Agreement agreed = agreements.of(tenant.id()).orElse(null);
        if (agreed == null) {
            return Optional.empty();
        }
        session.lock("agreement " + tenant.id());
        PriceList now = null;
        for (Agreed one : agreed.agreed()) {
            if (!one.since().isAfter(from)) {
                now = one.prices();
            }
        }
        if (now == null
                || !now.plan().equals(target.plan())
                || !now.currency().equals(target.currency())
                || now.version() == target.version()) {
            return Optional.empty();
        }
        session.agreements()
                .insert(
                        tenant.id(),
                        new Row(
                                session.prices().kept(tenant.id()).agreements().size() + 1,
                                from,
                                target,
                                null,
                                Cause.PRICES,
                                null),
                        clock.instant(),
                        actor.name(),
                        actor.reason());
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("tenant", tenant.id());
        view.put("slug", tenant.slug());
        view.put("version", now.version());
        view.put("baseFee", InvoiceViews.amount(now.baseFee()));
        view.put("becomes", target.version());
        view.put("newBaseFee", InvoiceViews.amount(target.baseFee()));
        return Optional.of(view);
    }

    private List<Tenant> tenants() {
        List<Tenant> all = new ArrayList<>(directory.tenants(null, PAGE));
        List<Tenant> page = all;
        while (page.size() == PAGE) {
            page = directory.tenants(all.getLast().id(), PAGE);
            all.addAll(page);
        }
        return all;
    }

    private Changed end(ApiCall call, Actor actor, Mode mode) {
        Tenant tenant = PriceOperations.tenant(directory, call);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Agreement agreed = agreement(tenant);
        if (tenant.status() != TenantStatus.SUSPENDED) {
            throw Refusals.refused("tenant", "is active: suspend it first, so that it makes no more calls");
        }
        Instant ended = agreed.hasEnded(now)
                ? Objects.requireNonNull(agreed.agreed().getLast()).since()
                : now;
        if (!agreed.hasEnded(now)) {
            PriceOperations.within(store, mode, session -> {
                session.lock("agreement " + tenant.id());
                int place = session.prices().kept(tenant.id()).agreements().size() + 1;
                session.agreements()
                        .insert(
                                tenant.id(),
                                new Row(place, now, null, null, Cause.END, null),
                                clock.instant(),
                                actor.name(),
                                actor.reason());
                return place;
            });
        }
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("tenant", tenant.id());
        view.put("endedAt", ended);
        return new Changed(200, view, tenant.id().value(), tenant.id(), null, view);
    }
}
