package dev.gatehouse.app.mail;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.http.Request;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.WebServer;
import io.vertx.core.Vertx;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An SMTP server that keeps what it is given, in memory, and a page that shows it. It is bounded: past
 * {@value #KEPT} mails it starts again with none.
 */
public final class Mailbox implements AutoCloseable {
    static final int KEPT = 1_000;

    private static final String POLICY =
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final GreenMail smtp;
    private final WebServer web;

    private Mailbox(GreenMail smtp, WebServer web) {
        this.smtp = smtp;
        this.web = web;
    }

    /** @throws IOException when the page's port is taken */
    public static Mailbox start(Vertx vertx, WebServer.Options page, InstantSource clock) throws IOException {
        GreenMail smtp = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        smtp.withConfiguration(GreenMailConfiguration.aConfig().withDisabledAuthentication());
        smtp.start();
        try {
            Router router = new Router()
                    .get("/", request -> shown(MailPages.list(mails(smtp))))
                    .get("/mails/{number}", request -> shown(MailPages.one(find(smtp, request))))
                    .get("/mails.json", request -> Response.json(200, mails(smtp)))
                    .get("/mailbox.css", request -> Response.bytes(200, "text/css; charset=utf-8", style()));
            return new Mailbox(smtp, WebServer.start(vertx, page, router, null, clock));
        } catch (IOException e) {
            smtp.stop();
            throw e;
        }
    }

    /** Where mail is to be sent, as in {@code smtp://127.0.0.1:2525}. */
    public URI smtpUri() {
        return URI.create("smtp://127.0.0.1:" + smtp.getSmtp().getPort());
    }

    /** The page. */
    public URI uri() {
        return web.uri();
    }

    @Override
    public void close() {
        web.close();
        smtp.stop();
    }

    /** The newest first. */
    private static List<Mail> mails(GreenMail smtp) {
        MimeMessage[] messages = smtp.getReceivedMessages();
        if (messages.length > KEPT) {
            try {
                smtp.purgeEmailFromAllMailboxes();
            } catch (FolderException e) {
                throw new IllegalStateException("the mailbox cannot be emptied", e);
            }
            return List.of();
        }
        List<Mail> mails = new ArrayList<>();
        for (int i = 0; i < messages.length; i++) {
            mails.add(Mail.of(i + 1, messages[i]));
        }
        Collections.reverse(mails);
        return mails;
    }

    private static Mail find(GreenMail smtp, Request request) {
        String number = request.pathParameter("number");
        return mails(smtp).stream()
                .filter(mail -> Integer.toString(mail.number()).equals(number))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NOT_FOUND, "There is no mail number " + number + ". It may be gone by now."));
    }

    private static Response shown(String page) {
        return Response.html(200, page)
                .with("Content-Security-Policy", POLICY)
                .with("X-Content-Type-Options", "nosniff")
                .with("Referrer-Policy", "no-referrer")
                .with("Cache-Control", "no-store");
    }

    private static byte[] style() throws IOException {
        try (InputStream in = Mailbox.class.getResourceAsStream("mailbox.css")) {
            if (in == null) {
                throw new IOException("mailbox.css is missing from the program");
            }
            return in.readAllBytes();
        }
    }
}
