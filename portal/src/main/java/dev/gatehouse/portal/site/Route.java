package dev.gatehouse.portal.site;

/**
 * A page of the site: the table of these is what the attacks of the tests are generated from.
 *
 * @param template as in {@code /keys/{key}/revoke}
 */
public record Route(String method, String template, Access access, Page page) {}
