package dev.gatehouse.app.mail;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The mailbox's two pages. Whatever a mail says is text here, never markup; its links can be followed. */
final class MailPages {
    private static final Pattern LINK = Pattern.compile("https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%\\[\\]-]+");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private MailPages() {}

    static String list(List<Mail> mails) {
        if (mails.isEmpty()) {
            return page(
                    "Mailbox",
                    "<p class=\"empty\">No mail yet. Sign up in the portal, and the mail that follows appears here.</p>");
        }
        String rows = mails.stream()
                .map(mail -> """
                        <tr><td><a href="/mails/%d">%s</a></td><td>%s</td><td class="time">%s</td></tr>
                        """.formatted(mail.number(), escape(mail.subject()), escape(mail.to()), time(mail)))
                .collect(Collectors.joining());
        return page("Mailbox", """
                <table>
                <thead><tr><th>Subject</th><th>To</th><th class="time">Sent</th></tr></thead>
                <tbody>
                %s</tbody>
                </table>
                """.formatted(rows));
    }

    static String one(Mail mail) {
        return page(escape(mail.subject()), """
                <dl><dt>From</dt><dd>%s</dd><dt>To</dt><dd>%s</dd><dt>Sent</dt><dd>%s</dd></dl>
                <pre>%s</pre>
                <p><a href="/">All mails</a></p>
                """.formatted(
                        escape(mail.from()), escape(mail.to()), time(mail), linked(mail.text())));
    }

    private static String page(String title, String body) {
        return """
               <!doctype html>
               <html lang="en">
               <head>
               <meta charset="utf-8">
               <meta name="viewport" content="width=device-width, initial-scale=1">
               <title>%s · Gatehouse mailbox</title>
               <link rel="stylesheet" href="/mailbox.css">
               </head>
               <body>
               <main>
               <h1>%s</h1>
               <p class="what">Every mail that this installation sends. None leaves the machine.</p>
               %s
               </main>
               </body>
               </html>
               """.formatted(title, title, body);
    }

    private static String time(Mail mail) {
        return TIME.format(mail.sentAt());
    }

    private static String linked(String text) {
        return LINK.matcher(escape(text)).replaceAll(MailPages::anchor);
    }

    private static String anchor(MatchResult link) {
        String address = link.group().replace("$", "\\$");
        return "<a href=\"" + address + "\">" + address + "</a>";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
