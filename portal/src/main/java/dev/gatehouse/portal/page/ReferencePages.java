package dev.gatehouse.portal.page;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.portal.PortalSettings;
import dev.gatehouse.portal.reference.Operation;
import dev.gatehouse.portal.reference.Reference;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.portal.trial.GatewayCalls;
import dev.gatehouse.portal.trial.TrialKeys;
import dev.gatehouse.runtime.http.Response;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The API reference: pages of ours that work without script, the same descriptions in Scalar, and calls that are tried from
 * either with the organisation's test key.
 */
public final class ReferencePages {
    // Scalar sets styles from its script; scripts stay our own files
    private static final String SCALAR_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self';"
                    + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final Reference reference;
    private final TrialKeys keys;
    private final GatewayCalls gateway;
    private final Pages pages;
    private final PortalSettings settings;

    public ReferencePages(
            Reference reference, TrialKeys keys, GatewayCalls gateway, Pages pages, PortalSettings settings) {
        this.reference = reference;
        this.keys = keys;
        this.gateway = gateway;
        this.pages = pages;
        this.settings = settings;
    }

    public void addTo(Site table) {
        table.get("/reference", Access.PUBLIC, this::contents)
                .get("/reference/scalar", Access.PUBLIC, this::scalar)
                .get("/reference/descriptions/{api}", Access.PUBLIC, this::description)
                .get("/reference/operations/{operation}", Access.PUBLIC, this::operation)
                .fetched("/try/{path+}", Access.DEVELOPER, this::pass);
    }

    private Response contents(Visit visit) {
        String question = visit.request().parameter("q").orElse("").strip();
        String bounded = question.substring(0, Math.min(100, question.length()));
        List<Operation> found = bounded.isEmpty() ? List.of() : reference.search(bounded);
        return pages.page(
                visit,
                "API reference",
                "reference",
                "reference.jte",
                Map.of("apis", reference.apis(), "question", bounded, "found", found));
    }

    private Response operation(Visit visit) {
        Operation operation =
                reference.operation(visit.request().pathParameter("operation")).orElseThrow(ReferencePages::nothing);
        Reference.Api api = reference.api(operation.api()).orElseThrow(ReferencePages::nothing);
        return pages.page(
                visit,
                operation.summary(),
                "reference",
                "operation.jte",
                Map.of(
                        "operation", operation,
                        "api", api,
                        "curl",
                                Quickstart.curl(
                                        settings,
                                        operation.method(),
                                        operation.path(),
                                        !operation.bodies().isEmpty())));
    }

    private Response scalar(Visit visit) {
        return pages.page(visit, "API explorer", "reference", "scalar.jte", Map.of("apis", reference.apis()))
                .with("Content-Security-Policy", SCALAR_POLICY);
    }

    private Response description(Visit visit) {
        Reference.Api api = reference.api(visit.request().pathParameter("api")).orElseThrow(ReferencePages::nothing);
        return Response.bytes(200, "application/json", api.json());
    }

    private Response pass(Visit visit) throws IOException {
        String key = keys.of(visit.home().id(), visit.person().mail());
        String path = visit.request().path().substring("/try/".length());
        try {
            return gateway.pass(visit.request(), path, key);
        } catch (IOException | IllegalArgumentException e) {
            return Response.problem(dev.gatehouse.kernel.problem.Problem.of(
                            ProblemCode.UPSTREAM_UNREACHABLE,
                            "The portal did not get an answer from the gateway at " + settings.gatewayUri()
                                    + ". Try again; if it stays, tell us the request id.")
                    .withRequestId(visit.request().id()));
        }
    }

    private static ProblemException nothing() {
        return new ProblemException(
                ProblemCode.NOT_FOUND, "There is no such operation. The API reference lists those there are.");
    }
}
