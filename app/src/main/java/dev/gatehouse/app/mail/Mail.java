package dev.gatehouse.app.mail;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A caught mail.
 *
 * @param number its place in the order of arrival, from 1
 * @param sentAt when its sender says that it was sent; the epoch when it does not say
 * @param text the plain text
 */
public record Mail(int number, Instant sentAt, String from, String to, String subject, String text) {

    static Mail of(int number, MimeMessage message) {
        try {
            return new Mail(
                    number,
                    message.getSentDate() == null
                            ? Instant.EPOCH
                            : message.getSentDate().toInstant(),
                    addresses(message.getFrom()),
                    addresses(message.getRecipients(Message.RecipientType.TO)),
                    Optional.ofNullable(message.getSubject()).orElse("(no subject)"),
                    text(message).orElse("(this mail has no text)"));
        } catch (MessagingException | IOException e) {
            return new Mail(
                    number, Instant.EPOCH, "", "", "(a mail that cannot be read)", String.valueOf(e.getMessage()));
        }
    }

    private static String addresses(Address @Nullable [] addresses) {
        return addresses == null
                ? ""
                : Arrays.stream(addresses).map(Object::toString).collect(Collectors.joining(", "));
    }

    private static Optional<String> text(Part part) throws MessagingException, IOException {
        if (part.isMimeType("text/plain")) {
            return Optional.of(String.valueOf(part.getContent()));
        }
        if (part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                Optional<String> found = text(parts.getBodyPart(i));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }
}
