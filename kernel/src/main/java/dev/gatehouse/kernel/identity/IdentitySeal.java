package dev.gatehouse.kernel.identity;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs the caller's identity for the way from gateway to service, and opens it there: the fields joined by {@code |},
 * a dot, and their HMAC-SHA-256 (RFC 2104) in base64url. Not safe for threads: each event loop or thread holds its own.
 */
public final class IdentitySeal {
    /** The header that carries it. The gateway strips it from requests that come from outside. */
    public static final String HEADER = "Gatehouse-Caller";

    /** How long a sealed identity is taken for true. */
    public static final Duration LIFETIME = Duration.ofSeconds(60);

    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final int PARTS = 9;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final Mac mac;

    /** @param secret at least 32 bytes, shared by gateways and services */
    public IdentitySeal(byte[] secret) {
        if (secret.length < 32) {
            throw new IllegalArgumentException("the identity secret must have at least 32 bytes");
        }
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }

    public String seal(CallerIdentity caller) {
        return seal(subject(caller), caller.requestId(), caller.issuedAt().getEpochSecond());
    }

    /**
     * {@link #seal(CallerIdentity)} for a caller whose {@link #subject} was made before.
     *
     * @param issuedAt seconds since 1970
     */
    public String seal(String subject, String requestId, long issuedAt) {
        String text = subject + '|' + requestId + '|' + issuedAt;
        return text + '.' + sign(text);
    }

    /** The part of a sealed identity that is the same for every request of the caller. */
    public static String subject(CallerIdentity caller) {
        return String.join(
                "|",
                caller.tenant().value(),
                caller.slug(),
                caller.plan(),
                caller.key().value(),
                caller.mode().text(),
                String.join(",", new TreeSet<>(caller.scopes())),
                String.join(",", new TreeSet<>(caller.fields())));
    }

    /** The identity, or empty when the header is malformed, forged, too old or from the future. */
    public Optional<CallerIdentity> open(String header, Instant now) {
        int dot = header.lastIndexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        String text = header.substring(0, dot);
        byte[] expected = sign(text).getBytes(StandardCharsets.ISO_8859_1);
        byte[] given = header.substring(dot + 1).getBytes(StandardCharsets.ISO_8859_1);
        if (!MessageDigest.isEqual(expected, given)) {
            return Optional.empty();
        }
        String[] part = text.split("\\|", -1);
        if (part.length != PARTS) {
            return Optional.empty();
        }
        Instant issued = Instant.ofEpochSecond(Long.parseLong(part[8]));
        if (issued.isAfter(now.plus(SKEW)) || issued.isBefore(now.minus(LIFETIME))) {
            return Optional.empty();
        }
        return Optional.of(new CallerIdentity(
                new TenantId(part[0]),
                part[1],
                part[2],
                new KeyId(part[3]),
                KeyMode.valueOf(part[4].toUpperCase(Locale.ROOT)),
                set(part[5]),
                set(part[6]),
                part[7],
                issued));
    }

    private String sign(String text) {
        return ENCODER.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Set<String> set(String joined) {
        return joined.isEmpty() ? Set.of() : Set.of(joined.split(","));
    }
}
