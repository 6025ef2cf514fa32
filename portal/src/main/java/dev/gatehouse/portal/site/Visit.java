package dev.gatehouse.portal.site;

import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.account.Accounts;
import dev.gatehouse.portal.account.Session;
import dev.gatehouse.portal.team.Member;
import dev.gatehouse.runtime.http.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request, and who makes it.
 *
 * @param cookie the browser's own random value, which forms and mail links are bound to
 * @param formToken to be put into every form
 * @param session null while nobody is signed in
 * @param membership null while the person belongs to no organisation
 * @param form what was posted; empty for a GET
 */
public record Visit(
        Request request,
        String cookie,
        String formToken,
        @Nullable Session session,
        @Nullable Member membership,
        @Nullable Organisation organisation,
        Form form) {

    /** The one who is signed in: on pages with {@link Access#PERSON} and up. */
    public Session person() {
        if (session == null) {
            throw new IllegalStateException("a page for people was reached by nobody");
        }
        return session;
    }

    /** Their membership: on pages with {@link Access#MEMBER} and up. */
    public Member member() {
        if (membership == null) {
            throw new IllegalStateException("a page for members was reached by somebody else");
        }
        return membership;
    }

    /** Their organisation: on pages with {@link Access#MEMBER} and up. */
    public Organisation home() {
        if (organisation == null) {
            throw new IllegalStateException("a page for members was reached by somebody else");
        }
        return organisation;
    }

    public Accounts.Browser browser() {
        return new Accounts.Browser(
                request.remoteAddress(),
                request.header("user-agent").orElse("a browser that does not say which"),
                cookie,
                Site.cookie(request, Site.DEVICE));
    }

    /** Whether htmx asks for a part of the page. */
    public boolean wantsFragment() {
        return request.header("hx-request").isPresent();
    }
}
