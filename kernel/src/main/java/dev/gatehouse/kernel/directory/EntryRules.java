package dev.gatehouse.kernel.directory;

import dev.gatehouse.kernel.address.AddressRange;
import dev.gatehouse.kernel.plan.LimitOverride;
import dev.gatehouse.kernel.route.PathTemplate;
import dev.gatehouse.kernel.route.TargetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an entry of the directory must be so that a gateway can serve by it. The directory accepts nothing else, and a gateway
 * applies nothing else: both ask here. A notion's own form is decided by its parser, and these rules bound it.
 *
 * <p>Each method throws an {@link IllegalArgumentException} that says which part cannot be used; the message is for people
 * and holds no secret.
 */
public final class EntryRules {
    /** Addresses and ranges, scopes, prefixes, pools, targets: a list has at most so many. */
    public static final int MOST_ADDRESSES = 100;

    public static final int MOST_SCOPES = 100;
    public static final int MOST_PREFIXES = 64;
    public static final int MOST_POOLS = 64;
    public static final int MOST_TARGETS = 64;
    public static final int MOST_OPERATIONS = 10_000;
    public static final int LONGEST_PREFIX = 200;
    public static final int LONGEST_HEALTH_PATH = 300;
    public static final int HIGHEST_COST = 1_000_000;
    public static final int LONGEST_CONNECT_MILLIS = 60_000;
    public static final int LONGEST_RESPONSE_MILLIS = 3_600_000;
    public static final int HIGHEST_WEIGHT = 10_000;
    public static final int MOST_CONCURRENT = 100_000;

    private static final int LONGEST_SLUG = 63;
    private static final int LONGEST_TENANT_NAME = 500;
    private static final int MOST_FIELDS = 1_000;
    private static final int MOST_PARAMETERS = 1_000;

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SHOWN_PREFIX = Pattern.compile("gate_(live|test)_[0-9A-Za-z]{1,20}");
    private static final Pattern CALLER_KEY = Pattern.compile("[a-z0-9_-]{1,80}");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final Pattern SCOPE = Pattern.compile("[a-z][a-z0-9.:-]{0,62}");
    private static final Pattern FIELD_GROUP = Pattern.compile("\\*|[a-z][a-zA-Z0-9-]{0,62}");
    private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._~!$&'()*+,;=:@-]+)+");
    private static final Pattern HEALTH_PATH = Pattern.compile("/[!-~]*");
    private static final Pattern VISIBLE = Pattern.compile("[!-~]+");
    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");

    private EntryRules() {}

    /** A name of a route, service, pool or plan. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** What a key must hold, or a key holds; {@code *} for all is no scope of a route. */
    public static boolean isScope(String text) {
        return SCOPE.matcher(text).matches();
    }

    /** A path prefix, without a slash at the end. */
    public static boolean isPrefix(String text) {
        return text.length() <= LONGEST_PREFIX && PREFIX.matcher(text).matches();
    }

    /** A path that a target is asked for to learn whether it is well. */
    public static boolean isHealthPath(String text) {
        return text.length() <= LONGEST_HEALTH_PATH && HEALTH_PATH.matcher(text).matches();
    }

    /** The SHA-256 of a key, as it stands in the directory. */
    public static boolean isHash(String text) {
        return text.length() == 64 && HASH.matcher(text).matches();
    }

    public static void require(KeyEntry key) {
        present("id", key.id());
        present("tenant", key.tenant());
        present("mode", key.mode());
        require("hash", isHash(present("hash", key.hash())), "must be 64 lower-case hexadecimal digits");
        String prefix = present("prefix", key.prefix());
        require("prefix", SHOWN_PREFIX.matcher(prefix).matches(), "must be the first characters of a key");
        require("scopes", key.scopes().size() <= MOST_SCOPES, "must be at most " + MOST_SCOPES);
        for (String scope : key.scopes()) {
            require("scopes", scope.equals("*") || isScope(scope), "must be names of services, or \"*\" for all");
        }
        require("allowedAddresses", key.allowedAddresses().size() <= MOST_ADDRESSES, "must be at most 100");
        key.allowedAddresses().forEach(EntryRules::address);
        Integer percent = key.quotaPercent();
        require("quotaPercent", percent == null || percent >= 1 && percent <= 100, "must be 1 to 100");
        requireVersion(key.version());
    }

    private static void address(String text) {
        try {
            AddressRange unused = AddressRange.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("allowedAddresses: " + e.getMessage(), e);
        }
    }

    public static void require(TenantEntry tenant) {
        present("id", tenant.id());
        present("status", tenant.status());
        present("planLimits", tenant.planLimits());
        requireSlug("slug", tenant.slug());
        requireSlug("plan", tenant.plan());
        String name = present("name", tenant.name());
        require("name", name.length() <= LONGEST_TENANT_NAME, "must be at most 500 characters");
        requireRange("weight", tenant.weight(), 1, HIGHEST_WEIGHT);
        requireRange("maxConcurrent", tenant.maxConcurrent(), 1, MOST_CONCURRENT);
        requireRange("maxQueued", tenant.maxQueued(), 0, MOST_CONCURRENT);
        LimitOverride override = tenant.override();
        if (override != null) {
            // throws when a limit is out of bounds
            var unused = override.over(tenant.planLimits());
        }
        tenant.pools().forEach((service, pool) -> require("pools", isName(service) && isName(pool), "must be names"));
        require("fields", tenant.fields().size() <= MOST_FIELDS, "must be at most " + MOST_FIELDS);
        for (String field : tenant.fields()) {
            require("fields", FIELD_GROUP.matcher(field).matches(), "must be field groups, or \"*\" for all");
        }
        requireVersion(tenant.version());
    }

    private static void requireSlug(String field, @Nullable String text) {
        String slug = present(field, text);
        require(
                field,
                slug.length() <= LONGEST_SLUG && NAME.matcher(slug).matches(),
                "must be lower-case letters, digits and hyphens");
    }

    public static void require(RouteEntry route) {
        require("name", isName(present("name", route.name())), "must be lower-case letters, digits and hyphens");
        require(
                "service",
                isName(present("service", route.service())),
                "must be lower-case letters, digits and hyphens");
        requireSize("prefixes", route.prefixes(), MOST_PREFIXES);
        for (String prefix : route.prefixes()) {
            require("prefixes", isPrefix(prefix), "must be paths without a slash at the end, as in /v2/listings");
        }
        String scope = route.scope();
        require("scope", scope == null || isScope(scope), "must be a lower-case name");
        requireSize("pools", route.pools(), MOST_POOLS);
        Set<String> names = new HashSet<>();
        for (PoolEntry pool : route.pools()) {
            requirePool(pool);
            require("pools", names.add(pool.name()), "has " + pool.name() + " twice");
        }
        requireRange("defaultCost", route.defaultCost(), 0, HIGHEST_COST);
        requireRange("connectTimeoutMillis", route.connectTimeoutMillis(), 1, LONGEST_CONNECT_MILLIS);
        requireRange("responseTimeoutMillis", route.responseTimeoutMillis(), 1, LONGEST_RESPONSE_MILLIS);
        require("operations", route.operations().size() <= MOST_OPERATIONS, "must be at most " + MOST_OPERATIONS);
        route.operations().forEach(EntryRules::requireOperation);
        String caller = route.callerKey();
        require("callerKey", caller == null || CALLER_KEY.matcher(caller).matches(), "must be the id of a secret");
        requireVersion(route.version());
    }

    private static void requirePool(PoolEntry pool) {
        require("pools", isName(present("pools.name", pool.name())), "must have names");
        requireSize("pools." + pool.name() + ".targets", pool.targets(), MOST_TARGETS);
        for (String target : pool.targets()) {
            try {
                TargetAddress unused = TargetAddress.parse(target);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("pools." + pool.name() + ".targets: " + e.getMessage(), e);
            }
        }
        String health = pool.healthPath();
        require("pools." + pool.name() + ".healthPath", health == null || isHealthPath(health), "must start with /");
        requireRange("pools." + pool.name() + ".maxConcurrent", pool.maxConcurrent(), 0, MOST_CONCURRENT);
    }

    private static void requireOperation(OperationEntry operation) {
        require("operations.id", isVisible(present("operations.id", operation.id()), 200), "must be a word");
        String where = "operations." + operation.id();
        require(where, METHOD.matcher(present(where, operation.method())).matches(), "has no method");
        try {
            PathTemplate unused = PathTemplate.parse(present(where, operation.path()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
        }
        present(where + ".version", operation.version());
        requireRange(where + ".cost", operation.cost(), 0, HIGHEST_COST);
        String scope = operation.scope();
        require(where + ".scope", scope == null || isScope(scope), "must be a lower-case name");
        require(where + ".parameters", operation.parameters().size() <= MOST_PARAMETERS, "must be fewer");
    }

    private static boolean isVisible(String text, int longest) {
        return text.length() <= longest && VISIBLE.matcher(text).matches();
    }

    private static void requireVersion(long version) {
        require("version", version >= 0, "must be 0 or more");
    }

    /** A record read from JSON holds null where a part was missing, whatever its type says. */
    private static <T> T present(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return value;
    }

    private static void requireSize(String field, Collection<?> list, int most) {
        require(field, !list.isEmpty() && list.size() <= most, "must be 1 to " + most);
    }

    private static void requireRange(String field, int value, int least, int most) {
        require(field, value >= least && value <= most, "is " + value + ": must be " + least + " to " + most);
    }

    private static void require(String field, boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(field + " " + rule);
        }
    }
}
