package dev.gatehouse.directory.route;

import dev.gatehouse.directory.change.Refusals;
import dev.gatehouse.directory.change.Writing;
import dev.gatehouse.directory.store.RouteRows.Declared;
import dev.gatehouse.kernel.directory.OperationEntry;
import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.directory.RouteKind;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.route.PathTemplate;
import java.time.InstantSource;
import java.util.Optional;

/** Changes of routes. What is refused is thrown as a problem. */
public final class RouteChanges {
    private final Writing writing;

    public RouteChanges(Writing writing) {
        this.writing = writing;
    }

    /** A declaration that is there already, to the letter, changes nothing. */
    public RouteEntry put(RouteDeclaration declaration, RouteKind kind) {
        Optional<Declared> found = writing.session().routes().find(declaration.name());
        RouteEntry compiled = RouteCompiler.compile(
                declaration,
                found.map(there -> there.entry().version()).orElse(0L),
                kind == RouteKind.BUILT_IN ? RouteEntry.INTERNAL : secretId(found));
        if (found.isPresent()
                && found.get().declaration().equals(declaration)
                && found.get().entry().equals(compiled)) {
            return compiled;
        }
        requireFreePrefixes(compiled);
        RouteEntry entry = compiled.with(writing.session().nextVersion(), compiled.callerKey());
        writing.session().routes().put(new Declared(declaration, entry));
        writing.note("putRoute", entry.name(), null, found.map(Declared::entry).orElse(null), entry);
        return entry;
    }

    /** A route keeps its secret through every change; one that was removed and comes again gets another. */
    private String secretId(Optional<Declared> found) {
        return found.map(Declared::entry)
                .filter(entry -> !entry.isInternal())
                .map(RouteEntry::secretId)
                .orElseGet(() -> PrefixedId.next("rks", InstantSource.fixed(writing.now())));
    }

    private void requireFreePrefixes(RouteEntry route) {
        for (RouteEntry other : writing.session().routes().all()) {
            for (String prefix : other.prefixes()) {
                if (!other.name().equals(route.name()) && route.prefixes().contains(prefix)) {
                    requireOwnPaths(route, other, prefix);
                }
            }
        }
    }

    /** Two services may answer under one prefix, when their descriptions say which path is whose. */
    private static void requireOwnPaths(RouteEntry route, RouteEntry other, String prefix) {
        if (route.operations().isEmpty() || other.operations().isEmpty()) {
            throw Refusals.conflict("prefixes", "has " + prefix + ", which is route " + other.name() + "'s");
        }
        for (OperationEntry operation : route.operations()) {
            for (OperationEntry theirs : other.operations()) {
                if (PathTemplate.parse(operation.path()).overlaps(PathTemplate.parse(theirs.path()))) {
                    throw Refusals.conflict(
                            "prefixes",
                            "has " + prefix + " as route " + other.name() + " has, and " + operation.path()
                                    + " fits the same paths as that route's " + theirs.path());
                }
            }
        }
    }

    public void remove(String name) {
        RouteEntry entry = writing.session()
                .routes()
                .find(name)
                .map(Declared::entry)
                .orElseThrow(() -> Refusals.notFound("route", name));
        writing.session().routes().remove(name, writing.session().nextVersion());
        writing.note("deleteRoute", name, null, entry, null);
    }
}
