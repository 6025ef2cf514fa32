package dev.gatehouse.portal.sandbox;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.plan.Plan;
import dev.gatehouse.kernel.tenant.TenantStatus;
import dev.gatehouse.portal.IssuedKey;
import dev.gatehouse.portal.KeySummary;
import dev.gatehouse.portal.NewKey;
import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.Organisations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A directory in memory: tenants and keys as the portal's interface states them. */
public final class MemoryOrganisations implements Organisations {
    public static final Plan FREE = plan("free", "Free", 1_000, 60, 60, "0.00", 10_000, "0.50");
    public static final Plan GROWTH = plan("growth", "Growth", 50_000, 600, 900, "99.00", 500_000, "0.40");

    private final InstantSource clock;
    private final Map<TenantId, Organisation> tenants = new ConcurrentHashMap<>();
    private final Map<TenantId, List<KeySummary>> keys = new ConcurrentHashMap<>();

    public MemoryOrganisations(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Organisation create(String name, String actor) {
        Organisation made = new Organisation(
                TenantId.next(clock),
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"),
                name,
                TenantStatus.ACTIVE,
                FREE,
                FREE.limits());
        tenants.put(made.id(), made);
        keys.put(made.id(), new CopyOnWriteArrayList<>());
        return made;
    }

    public List<Organisation> all() {
        return List.copyOf(tenants.values());
    }

    @Override
    public Optional<Organisation> find(TenantId tenant) {
        return Optional.ofNullable(tenants.get(tenant));
    }

    @Override
    public void close(TenantId tenant, String actor) {
        list(tenant).forEach(key -> revokeKey(tenant, key.id(), actor));
        tenants.computeIfPresent(
                tenant,
                (id, found) -> new Organisation(
                        id, found.slug(), found.name(), TenantStatus.SUSPENDED, found.plan(), found.limits()));
    }

    @Override
    public Organisation changePlan(TenantId tenant, String plan, String actor) {
        Plan next = plans().stream()
                .filter(found -> found.slug().equals(plan))
                .findFirst()
                .orElseThrow();
        Organisation old = find(tenant).orElseThrow();
        Organisation made = new Organisation(old.id(), old.slug(), old.name(), old.status(), next, next.limits());
        tenants.put(tenant, made);
        return made;
    }

    @Override
    public List<Plan> plans() {
        return List.of(FREE, GROWTH);
    }

    @Override
    public IssuedKey createKey(TenantId tenant, NewKey key, String actor) {
        String text = ApiKey.generate(key.mode());
        KeySummary summary = new KeySummary(
                KeyId.next(clock),
                key.name(),
                ApiKey.displayPrefix(text),
                key.mode(),
                key.scopes(),
                clock.instant(),
                key.expiresAt(),
                null,
                key.allowedAddresses(),
                key.quotaPercent());
        list(tenant).addFirst(summary);
        return new IssuedKey(summary, text);
    }

    @Override
    public List<KeySummary> keys(TenantId tenant) {
        return List.copyOf(list(tenant));
    }

    @Override
    public KeySummary revokeKey(TenantId tenant, KeyId key, String actor) {
        return change(tenant, key, clock.instant(), null);
    }

    @Override
    public IssuedKey rotateKey(TenantId tenant, KeyId key, Duration overlap, String actor) {
        KeySummary old = change(tenant, key, null, clock.instant().plus(overlap));
        return createKey(tenant, new NewKey(old.name(), old.mode(), Set.of("*"), null, List.of(), null), actor);
    }

    private KeySummary change(TenantId tenant, KeyId id, @Nullable Instant revoked, @Nullable Instant expires) {
        List<KeySummary> all = new ArrayList<>(list(tenant));
        for (int i = 0; i < all.size(); i++) {
            KeySummary key = all.get(i);
            if (key.id().equals(id)) {
                KeySummary next = new KeySummary(
                        key.id(),
                        key.name(),
                        key.prefix(),
                        key.mode(),
                        key.scopes(),
                        key.createdAt(),
                        expires == null ? key.expiresAt() : expires,
                        revoked,
                        key.allowedAddresses(),
                        key.quotaPercent());
                all.set(i, next);
                keys.put(tenant, new CopyOnWriteArrayList<>(all));
                return next;
            }
        }
        throw new AssertionError("the portal asked for a key of another tenant");
    }

    private List<KeySummary> list(TenantId tenant) {
        return keys.computeIfAbsent(tenant, t -> new CopyOnWriteArrayList<>());
    }

    private static Plan plan(
            String slug, String name, long daily, long refill, long burst, String fee, long included, String overage) {
        return new Plan(
                slug,
                name,
                new Limits(daily, refill, burst),
                1,
                10,
                10,
                Set.of("*"),
                Money.of(fee, "USD"),
                included,
                Money.of(overage, "USD"));
    }
}
