package dev.gatehouse.directory.route;

import dev.gatehouse.directory.change.Refusals;
import dev.gatehouse.kernel.directory.EntryRules;
import dev.gatehouse.kernel.directory.OperationEntry;
import dev.gatehouse.kernel.directory.PoolEntry;
import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.route.PathTemplate;
import dev.gatehouse.kernel.route.TargetAddress;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiOperation;
import dev.gatehouse.runtime.http.PathTemplates;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns a declaration into what gateways route by. Decides by the declaration alone. */
final class RouteCompiler {
    private static final int LONGEST_DESCRIPTION = 1 << 20;

    private RouteCompiler() {}

    /** @throws dev.gatehouse.kernel.problem.ProblemException when it cannot be served; says where */
    static RouteEntry compile(RouteDeclaration route, long version, String callerKey) {
        requireName("name", route.name());
        requireName("service", route.service());
        if (route.prefixes().isEmpty() || route.prefixes().size() > EntryRules.MOST_PREFIXES) {
            throw Refusals.refused("prefixes", "must be 1 to 64");
        }
        for (String prefix : route.prefixes()) {
            if (!EntryRules.isPrefix(prefix)) {
                throw Refusals.refused(
                        "prefixes",
                        "must be paths without a slash at the end, as in /v2/listings; not \"" + prefix + "\"");
            }
        }
        requirePools(route.pools());
        String scope = route.scope();
        if (scope != null && !EntryRules.isScope(scope)) {
            throw Refusals.refused("scope", "must be a lower-case name");
        }
        requireRange("defaultCost", route.defaultCost(), 0, EntryRules.HIGHEST_COST);
        requireRange("connectTimeoutMillis", route.connectTimeoutMillis(), 1, EntryRules.LONGEST_CONNECT_MILLIS);
        requireRange("responseTimeoutMillis", route.responseTimeoutMillis(), 1, EntryRules.LONGEST_RESPONSE_MILLIS);
        RouteEntry entry = new RouteEntry(
                route.name(),
                route.service(),
                route.prefixes(),
                operations(route),
                route.pools(),
                scope,
                route.defaultCost(),
                route.stripPrefix(),
                route.connectTimeoutMillis(),
                route.responseTimeoutMillis(),
                version,
                callerKey);
        try {
            EntryRules.require(entry);
        } catch (IllegalArgumentException e) {
            throw Refusals.refused("route", String.valueOf(e.getMessage()));
        }
        return entry;
    }

    private static void requireName(String field, String name) {
        if (!EntryRules.isName(name)) {
            throw Refusals.refused(field, "must be 1 to 63 lower-case letters, digits and hyphens");
        }
    }

    private static void requireRange(String field, int value, int least, int most) {
        if (value < least || value > most) {
            throw Refusals.refused(field, "is " + value + ": must be " + least + " to " + most);
        }
    }

    private static void requirePools(List<PoolEntry> pools) {
        if (pools.isEmpty() || pools.size() > EntryRules.MOST_POOLS) {
            throw Refusals.refused("pools", "must be 1 to 64");
        }
        Set<String> names = new HashSet<>();
        for (PoolEntry pool : pools) {
            String where = "pools." + pool.name();
            requireName("pools.name", pool.name());
            if (!names.add(pool.name())) {
                throw Refusals.refused(where, "is there twice");
            }
            if (pool.targets().isEmpty() || pool.targets().size() > EntryRules.MOST_TARGETS) {
                throw Refusals.refused(where + ".targets", "must be 1 to 64");
            }
            pool.targets().forEach(target -> requireTarget(where, target));
            String health = pool.healthPath();
            if (health != null && !EntryRules.isHealthPath(health)) {
                throw Refusals.refused(where + ".healthPath", "must start with /");
            }
            requireRange(where + ".maxConcurrent", pool.maxConcurrent(), 0, EntryRules.MOST_CONCURRENT);
        }
    }

    private static void requireTarget(String where, String target) {
        try {
            TargetAddress unused = TargetAddress.parse(target);
        } catch (IllegalArgumentException e) {
            throw Refusals.refused(where + ".targets", "must be base addresses: " + e.getMessage());
        }
    }

    private static List<OperationEntry> operations(RouteDeclaration route) {
        String text = route.description();
        if (text == null) {
            return List.of();
        }
        if (text.length() > LONGEST_DESCRIPTION) {
            throw Refusals.refused("description", "must be at most " + LONGEST_DESCRIPTION + " characters");
        }
        ApiDescription description;
        try {
            description = ApiDescription.parse(text);
        } catch (RuntimeException e) {
            throw Refusals.refused("description", "cannot be served: " + e.getMessage());
        }
        if (description.operations().isEmpty()) {
            throw Refusals.refused("description", "has no operation under paths");
        }
        String infoVersion = description.document().path("info").path("version").asText("");
        List<OperationEntry> entries = new ArrayList<>();
        Map<String, PathTemplates<String>> byMethod = new HashMap<>();
        for (ApiOperation operation : description.operations()) {
            String path = outside(route, operation);
            try {
                PathTemplate unused = PathTemplate.parse(path);
                byMethod.computeIfAbsent(operation.method(), method -> new PathTemplates<>())
                        .add(path, operation.id());
            } catch (IllegalArgumentException e) {
                throw Refusals.refused("description", "operation " + operation.id() + ": " + e.getMessage());
            }
            entries.add(new OperationEntry(
                    operation.id(),
                    operation.method(),
                    path,
                    version(path, infoVersion),
                    operation.cost(),
                    operation.scope(),
                    operation.queryParameters(),
                    operation.deprecated()));
        }
        return entries;
    }

    /** The operation's path as clients call it. */
    private static String outside(RouteDeclaration route, ApiOperation operation) {
        if (route.prefixes().stream().anyMatch(prefix -> isUnder(prefix, operation.path()))) {
            return operation.path();
        }
        if (route.stripPrefix() && route.prefixes().size() == 1) {
            return route.prefixes().getFirst() + operation.path();
        }
        throw Refusals.refused(
                "description",
                "operation " + operation.id() + " at " + operation.path() + " is under none of the prefixes "
                        + String.join(", ", route.prefixes()));
    }

    private static boolean isUnder(String prefix, String path) {
        return path.equals(prefix) || path.startsWith(prefix + "/");
    }

    private static String version(String path, String infoVersion) {
        String first = path.substring(1).split("/", 2)[0];
        return first.matches("v[0-9]+") ? first : infoVersion;
    }
}
