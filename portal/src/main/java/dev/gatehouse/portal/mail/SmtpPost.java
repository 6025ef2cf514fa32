package dev.gatehouse.portal.mail;

import dev.gatehouse.portal.MailPost;
import java.net.URI;
import org.simplejavamail.api.mailer.Mailer;
import org.simplejavamail.api.mailer.MailerRegularBuilder;
import org.simplejavamail.api.mailer.config.TransportStrategy;
import org.simplejavamail.email.EmailBuilder;
import org.simplejavamail.mailer.MailerBuilder;

/** Sends through an SMTP server: {@code smtp://host:port} or {@code smtps://user:password@host:port}. */
public final class SmtpPost implements MailPost {
    private final Mailer mailer;
    private final String from;

    /** @param from the sender's address, as in {@code gatehouse@example.com} */
    public SmtpPost(URI server, String from) {
        this.from = from;
        boolean encrypted = "smtps".equals(server.getScheme());
        String[] credentials = server.getUserInfo() == null
                ? new String[0]
                : server.getUserInfo().split(":", 2);
        MailerRegularBuilder<?> builder = MailerBuilder.withTransportStrategy(
                        encrypted ? TransportStrategy.SMTPS : TransportStrategy.SMTP)
                .withSMTPServerHost(server.getHost())
                .withSMTPServerPort(server.getPort() < 0 ? (encrypted ? 465 : 25) : server.getPort())
                .withSessionTimeout(10_000);
        if (credentials.length == 2) {
            builder = builder.withSMTPServerUsername(credentials[0]).withSMTPServerPassword(credentials[1]);
        }
        mailer = builder.buildMailer();
    }

    @Override
    public void send(String to, String subject, String text) {
        mailer.sendMail(
                EmailBuilder.startingBlank()
                        .from("Gatehouse", from)
                        .to(to)
                        .withSubject(subject)
                        .withPlainText(text)
                        .buildEmail(),
                false);
    }
}
