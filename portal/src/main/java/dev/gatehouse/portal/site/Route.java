package dev.gatehouse.portal.site;

/**
 * A line of the table of pages.
 *
 * @param template path template, as in {@code /keys/{key}}
 */
public record Route(String method, String template, Access access, Proof proof, Page page) {
    /** How a request shows that it comes from one of our own pages. */
    public enum Proof {
        /** It changes nothing and need not. */
        NONE,
        /** By the token of the form. */
        FORM,
        /** By Fetch Metadata. */
        FETCH
    }

    @Override
    public String toString() {
        return method + " " + template + " " + access;
    }
}
