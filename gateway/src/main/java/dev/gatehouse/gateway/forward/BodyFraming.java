package dev.gatehouse.gateway.forward;

/**
 * How the end of a forwarded request's body is told, which the gateway decides from what really comes of it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6">RFC 9112, section 6</a>
 */
public sealed interface BodyFraming {
    /** There is no body, and its absence needs no word. */
    record None() implements BodyFraming {}

    /** So many octets, which may be none. */
    record Length(long octets) implements BodyFraming {}

    /** As many as come, in chunks. */
    record Chunked() implements BodyFraming {}

    BodyFraming NONE = new None();
    BodyFraming EMPTY = new Length(0);
    BodyFraming CHUNKED = new Chunked();
}
