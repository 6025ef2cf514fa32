package dev.gatehouse.portal.team;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what someone typed as their mail address: strict, since it goes into a mail's head. */
public final class MailAddress {
    private static final Pattern FORM =
            Pattern.compile("[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}");

    private MailAddress() {}

    public static Optional<String> read(String typed) {
        String address = typed.strip().toLowerCase(Locale.ROOT);
        return address.length() <= 254 && FORM.matcher(address).matches() ? Optional.of(address) : Optional.empty();
    }
}
