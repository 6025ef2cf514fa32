package dev.gatehouse.directory.snapshot;

import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.aside.AsideBoard;
import dev.gatehouse.kernel.aside.AsideDecisions;
import dev.gatehouse.kernel.aside.AsideReport;
import dev.gatehouse.kernel.directory.DirectoryPaths;
import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.kernel.directory.TenantLookup;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.http.CallerGuard;
import dev.gatehouse.runtime.http.Request;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.json.Json;
import java.io.UncheckedIOException;

/** The interface for other processes of the installation: see {@link DirectoryPaths}. */
public final class InternalApi {
    private final Snapshots snapshots;
    private final Directory directory;
    private final AsideBoard asides;

    public InternalApi(Snapshots snapshots, Directory directory, AsideBoard asides) {
        this.asides = asides;
        this.snapshots = snapshots;
        this.directory = directory;
    }

    public Router router(CallerGuard guard) {
        return new Router()
                .get(DirectoryPaths.CHANGES, guard.internal(this::changes))
                .get(DirectoryPaths.KEYS + "/{hash}", guard.internal(this::key))
                .on("POST", DirectoryPaths.SET_ASIDE, guard.internal(this::setAside))
                .get(DirectoryPaths.TENANTS + "/{id}", guard.internal(this::tenant))
                .on("PUT", DirectoryPaths.ROUTES + "/{name}", guard.internal(this::route));
    }

    private Response changes(Request request) {
        String after = request.parameter("after").orElse("0");
        if (!after.matches("[0-9]{1,18}")) {
            throw new ProblemException(ProblemCode.INVALID_PARAMETERS, "after must be a version, 0 or more.");
        }
        return snapshots.after(Long.parseLong(after)).map(Response::ok).orElseGet(Response::noContent);
    }

    private Response key(Request request) {
        String hash = request.pathParameter("hash");
        if (!hash.matches("[0-9a-f]{64}")) {
            throw new ProblemException(
                    ProblemCode.INVALID_PARAMETERS, "The hash must be 64 lower-case hexadecimal digits.");
        }
        return snapshots
                .lookup(hash)
                .map(Response::ok)
                .orElseGet(() -> Response.problem(Problem.of(ProblemCode.NOT_FOUND, "There is no such key.")
                        .withRequestId(request.id())));
    }

    private Response tenant(Request request) {
        TenantId id;
        try {
            id = new TenantId(request.pathParameter("id"));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemCode.INVALID_PARAMETERS, "The path must end in a tenant's id.");
        }
        return Response.ok(new TenantLookup(directory.tenant(id).isPresent()));
    }

    private Response setAside(Request request) {
        try {
            AsideReport report = Json.read(request.bytes(), AsideReport.class);
            return Response.ok(new AsideDecisions(asides.heard(report)));
        } catch (UncheckedIOException | NullPointerException e) {
            throw new ProblemException(ProblemCode.INVALID_BODY, "The body is not a report of what was set aside.");
        }
    }

    private Response route(Request request) {
        RouteDeclaration declaration;
        try {
            declaration = Json.read(request.bytes(), RouteDeclaration.class);
        } catch (UncheckedIOException | NullPointerException e) {
            throw new ProblemException(ProblemCode.INVALID_BODY, "The body is not a route's declaration.");
        }
        String name = request.pathParameter("name");
        if (!name.equals(declaration.name())) {
            throw new ProblemException(
                    ProblemCode.INVALID_BODY, "The declaration's name must be the path's: " + name + ".");
        }
        Actor actor = new Actor("service:" + declaration.service(), null, request.id());
        return Response.ok(directory.declareRoute(declaration, actor).orThrow());
    }
}
