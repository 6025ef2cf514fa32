package dev.gatehouse.runtime.http;

import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Endpoints by method and path template. Filled at start, then read by every request. */
public final class Router implements Endpoint {
    private final PathTemplates<Map<String, Endpoint>> templates = new PathTemplates<>();
    private final Map<String, Map<String, Endpoint>> byTemplate = new HashMap<>();

    public Router on(String method, String template, Endpoint endpoint) {
        byTemplate
                .computeIfAbsent(template, t -> {
                    Map<String, Endpoint> methods = new TreeMap<>();
                    templates.add(t, methods);
                    return methods;
                })
                .put(method, endpoint);
        return this;
    }

    public Router get(String template, Endpoint endpoint) {
        return on("GET", template, endpoint);
    }

    public Router post(String template, Endpoint endpoint) {
        return on("POST", template, endpoint);
    }

    @Override
    public Response handle(Request request) throws Exception {
        PathTemplates.Match<Map<String, Endpoint>> match = templates.find(request.path());
        if (match == null) {
            throw new ProblemException(ProblemCode.NOT_FOUND, "There is nothing at " + request.path() + ".");
        }
        Endpoint endpoint = match.value().get(request.method());
        if (endpoint == null && request.method().equals("HEAD")) {
            endpoint = match.value().get("GET");
        }
        if (endpoint == null) {
            String allowed = String.join(", ", match.value().keySet());
            String detail = request.method() + " is not allowed on " + match.template() + ". Allowed: " + allowed + ".";
            return Response.problem(
                            Problem.of(ProblemCode.METHOD_NOT_ALLOWED, detail).withRequestId(request.id()))
                    .with("Allow", allowed);
        }
        RequestSpans.routed(request.method(), match.template());
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < match.names().size(); i++) {
            values.put(match.names().get(i), UriText.decode(match.parameters().get(i)));
        }
        return endpoint.handle(request.withPathParameters(values));
    }
}
