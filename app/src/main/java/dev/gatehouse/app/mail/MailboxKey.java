package dev.gatehouse.app.mail;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.http.Door;
import dev.gatehouse.runtime.http.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;

/**
 * What opens a mailbox that others than this machine reach: the token of the installation's owner, as a password that a
 * browser asks for (RFC 7617, with any name), or as a bearer token.
 */
public final class MailboxKey implements Door {
    private static final String BASIC = "basic ";
    private static final String BEARER = "bearer ";
    private static final int LONGEST = 1_000;

    private final byte[] token;

    public MailboxKey(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void pass(Request request) {
        if (!MessageDigest.isEqual(token, given(request.header("authorization").orElse("")))) {
            throw new ProblemException(
                    ProblemCode.TOKEN_MISSING,
                    "The mailbox takes the admin token: as the password, with any name, or as Authorization: Bearer TOKEN.");
        }
    }

    @Override
    public String challenge() {
        return "Basic realm=\"Gatehouse mailbox\", charset=\"UTF-8\"";
    }

    private static byte[] given(String header) {
        String scheme = header.toLowerCase(Locale.ROOT);
        if (header.length() > LONGEST) {
            return new byte[0];
        }
        if (scheme.startsWith(BEARER)) {
            return header.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8);
        }
        if (!scheme.startsWith(BASIC)) {
            return new byte[0];
        }
        try {
            String pair = new String(
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip()), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1).getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
