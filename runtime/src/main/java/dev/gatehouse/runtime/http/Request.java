package dev.gatehouse.runtime.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request as an {@link Endpoint} sees it.
 *
 * @param path percent-encoded, as sent
 * @param pathParameters percent-decoded
 * @param query decoded, names may repeat
 * @param headers by lower-case name
 * @param remoteAddress the peer's address
 * @param id the request id: the gateway's when it sent one, else made here
 * @param identity who calls, as the gateway sealed it; see {@link #caller()}
 * @param body as it arrives; reading it blocks
 * @param maxBody bytes that {@link #bytes()} takes at the most
 */
public record Request(
        String method,
        String path,
        Map<String, String> pathParameters,
        Map<String, List<String>> query,
        Map<String, List<String>> headers,
        String remoteAddress,
        String id,
        @Nullable CallerIdentity identity,
        InputStream body,
        int maxBody) {

    /** The caller that the gateway vouches for. @throws ProblemException 401 when there is none */
    public CallerIdentity caller() {
        if (identity == null) {
            throw new ProblemException(
                    ProblemCode.IDENTITY_MISSING, "This service answers only calls that come through the gateway.");
        }
        return identity;
    }

    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the path template has no {" + name + "}");
        }
        return value;
    }

    public Optional<String> parameter(String name) {
        List<String> values = query.get(name);
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    public Optional<String> header(String lowerCaseName) {
        List<String> values = headers.get(lowerCaseName);
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    /** The whole body. @throws ProblemException 413 when it is larger than {@link #maxBody} */
    public byte[] bytes() {
        try {
            byte[] content = body.readNBytes(maxBody + 1);
            if (content.length > maxBody) {
                throw new ProblemException(
                        ProblemCode.TOO_LARGE, "The body is larger than " + maxBody + " bytes. Send less at once.");
            }
            return content;
        } catch (IOException e) {
            throw new UncheckedIOException("the client broke off its body", e);
        }
    }

    /** The body as JSON. @throws ProblemException 400 when it is not JSON */
    public JsonNode json() {
        byte[] content = bytes();
        try {
            JsonNode tree = Json.MAPPER.readTree(content);
            if (tree == null || tree.isMissingNode()) {
                throw new ProblemException(ProblemCode.INVALID_BODY, "The body is empty. Send a JSON object.");
            }
            return tree;
        } catch (IOException e) {
            String reason = e.getMessage() == null
                    ? "it cannot be read"
                    : e.getMessage().lines().findFirst().orElse("");
            throw new ProblemException(ProblemCode.INVALID_BODY, "The body is not JSON: " + reason + ".");
        }
    }

    Request withPathParameters(Map<String, String> values) {
        return new Request(method, path, values, query, headers, remoteAddress, id, identity, body, maxBody);
    }
}
