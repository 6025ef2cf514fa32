package dev.gatehouse.runtime.api;

/**
 * The {@code ETag} of a resource that counts its changes: the number in quotes, a strong validator.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3">RFC 9110, section 8.8.3</a>
 */
public final class EntityTag {
    /** The header's name. */
    public static final String HEADER = "ETag";

    private EntityTag() {}

    /** @param version of the resource as it is shown */
    public static String of(long version) {
        return "\"" + version + "\"";
    }
}
