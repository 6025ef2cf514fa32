package dev.gatehouse.kernel.problem;

import java.util.Locale;

/** Every refusal that Gatehouse gives: the stable code, its HTTP status and its title. The docs list is made from it. */
public enum ProblemCode {
    MALFORMED_REQUEST(400, "The request cannot be read"),
    INVALID_PARAMETERS(400, "Some parameters are not valid"),
    INVALID_BODY(400, "The body is not valid"),
    INVALID_CURSOR(400, "The cursor is not valid"),
    KEY_MISSING(401, "No API key was sent"),
    KEY_MALFORMED(401, "The API key is mistyped"),
    KEY_UNKNOWN(401, "The API key is not known"),
    KEY_REVOKED(401, "The API key was revoked"),
    KEY_EXPIRED(401, "The API key has expired"),
    TOKEN_MISSING(401, "No operator token was sent"),
    TOKEN_UNKNOWN(401, "The operator token is not known"),
    IDENTITY_MISSING(401, "The call did not come through the gateway"),
    KEY_SCOPE(403, "The API key lacks the scope"),
    KEY_MODE(403, "A test key cannot do this"),
    KEY_ADDRESS(403, "The API key is not allowed from this address"),
    TENANT_SUSPENDED(403, "The tenant is suspended"),
    ROLE_INSUFFICIENT(403, "The operator's role does not allow this"),
    NOT_FOUND(404, "Nothing is here"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    NOT_ACCEPTABLE(406, "No representation fits Accept"),
    REQUEST_TOO_SLOW(408, "The request comes too slowly"),
    CONFLICT(409, "It conflicts with what is there"),
    IDEMPOTENCY_MISMATCH(409, "The idempotency key was used for another request"),
    PRECONDITION_FAILED(412, "It has changed since you read it"),
    TOO_LARGE(413, "The body is too large"),
    URI_TOO_LONG(414, "The address is too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported"),
    MISDIRECTED(421, "The request is for another host"),
    REFUSED(422, "The change is refused"),
    RATE_LIMITED(429, "The burst bucket is empty"),
    QUOTA_EXCEEDED(429, "The daily quota is used up"),
    KEY_QUOTA_EXCEEDED(429, "The key's share of the daily quota is used up"),
    CONCURRENCY_EXCEEDED(429, "Too many calls at once"),
    STREAMS_EXCEEDED(429, "Too many open event streams"),
    CONNECTIONS_EXCEEDED(429, "Too many connections"),
    SPEND_CAP(429, "The spend cap is reached"),
    HEAD_TOO_LARGE(431, "The request's head is too large"),
    INTERNAL(500, "Gatehouse failed"),
    UPSTREAM_UNREACHABLE(502, "The service does not answer"),
    UPSTREAM_FAILED(502, "The service broke off its answer"),
    UNAVAILABLE(503, "Not available now"),
    QUERY_TOO_COSTLY(503, "The query takes the database too long"),
    UPSTREAM_UNAVAILABLE(503, "The service is not available now"),
    UPSTREAM_TIMEOUT(504, "The service did not answer in time");

    private final int status;
    private final String title;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The code as it stands in answers, as in {@code quota_exceeded}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
