package dev.gatehouse.portal;

/** Sends mail. */
@FunctionalInterface
public interface MailPost {
    /**
     * @param to one address, checked
     * @param subject one line
     * @param text plain text
     */
    void send(String to, String subject, String text);
}
