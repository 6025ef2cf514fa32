package dev.gatehouse.portal.mail;

import dev.gatehouse.portal.MailPost;
import java.net.URI;

/** What the portal writes to people. Letters go out in the background; one that cannot be sent is logged, without its link. */
public final class Letters {
    private final MailPost post;
    private final URI portal;
    private final Afterwards afterwards;

    public Letters(MailPost post, URI portal, Afterwards afterwards) {
        this.post = post;
        this.portal = portal;
        this.afterwards = afterwards;
    }

    public void verify(String mail, String token) {
        send(mail, "Confirm your mail address", """
                You signed up at %s with this address.

                Confirm that it is yours:
                %s/verify/%s

                The link works once, for 24 hours. If you did not sign up, do nothing: without the link nothing comes of it.
                """.formatted(portal.getHost(), portal, token));
    }

    public void alreadyKnown(String mail) {
        send(mail, "You have an account already", """
                Someone signed up at %s with this address, and it has an account already. Nothing has changed.

                Sign in: %s/sign-in
                Forgot the password: %s/forgot

                If it was not you, there is nothing to do.
                """.formatted(portal.getHost(), portal, portal));
    }

    public void reset(String mail, String token) {
        send(mail, "Choose another password", """
                Someone asked for another password for your account at %s.

                Choose it here:
                %s/reset/%s

                The link works once, for one hour. If it was not you, do nothing: your password stays as it is.
                """.formatted(portal.getHost(), portal, token));
    }

    public void passwordChanged(String mail) {
        send(mail, "Your password was changed", """
                The password of your account at %s was changed in the portal just now, and every other device is signed out.

                If it was not you, choose another one at once:
                %s/forgot
                """.formatted(portal.getHost(), portal));
    }

    /** From whoever runs the platform, to somebody for whom an organisation was made ready. */
    public void welcome(String mail, String organisation, String plan, String token) {
        send(mail, organisation + " is ready for you", """
                %s was made ready for you at %s, on the plan %s. You are its owner.

                Take it over, and make your first key:
                %s/invitations/%s

                The link works once, for 7 days. If you have no account yet, create one with this mail address.
                """.formatted(
                        organisation, portal.getHost(), plan, portal, token));
    }

    public void invite(String mail, String organisation, String inviter, String token) {
        send(mail, "You are invited to " + organisation, """
                %s invites you to %s.

                Take the invitation:
                %s/invitations/%s

                The link works once, for 7 days.
                """.formatted(inviter, organisation, portal, token));
    }

    private void send(String mail, String subject, String text) {
        String line = subject.replaceAll("\\p{Cntrl}+", " ");
        afterwards.doLater("the mail \"" + line + "\"", () -> post.send(mail, line, text));
    }
}
