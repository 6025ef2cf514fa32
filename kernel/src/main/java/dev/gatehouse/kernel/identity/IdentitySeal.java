package dev.gatehouse.kernel.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;

/**
 * Seals who calls on the way from the gateway to one of the installation's own services, and opens it there. The header is
 * the caller's fields joined by {@code |}, a dot, and an HMAC-SHA-256 (RFC 2104) in base64url. Each service has a key of its
 * own, and the HMAC also covers the service's name, the method and the target with its query, which are not repeated in the
 * header: a service checks them against the request that it holds. A header that was made for one call therefore opens no
 * other, at no other service, and none at all after {@link #LIFETIME}.
 *
 * <p>The body is not covered: it streams, and the head goes ahead of it.
 *
 * <p>Services that an operator declares never see this kind; they get a {@link CallerToken}. Not safe for threads.
 */
public final class IdentitySeal implements CallerSeal {
    /** The same as {@link CallerSeal#HEADER}. */
    public static final String HEADER = CallerSeal.HEADER;

    /** How long a sealed identity is taken for true. */
    public static final Duration LIFETIME = Duration.ofSeconds(30);

    /** How far the service's clock may be behind the gateway's. */
    public static final Duration SKEW = Duration.ofSeconds(5);

    /** Characters of the longest header that is looked at. */
    public static final int LONGEST = 8 * 1024;

    private static final int PARTS = 9;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final String audience;
    private final Mac mac;

    /** @param service the name of the service that is called */
    public IdentitySeal(InternalSecrets secrets, String service) {
        this(service, InternalSecrets.hmac(secrets.identityKey(service)));
    }

    private IdentitySeal(String audience, Mac mac) {
        this.audience = audience;
        this.mac = mac;
    }

    /** Another of the same key, for another thread; cheaper than a new one. */
    public IdentitySeal copy() {
        try {
            return new IdentitySeal(audience, (Mac) mac.clone());
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("the platform's HmacSHA256 can be cloned", e);
        }
    }

    public String seal(CallerIdentity caller, SealedCall call) {
        return seal(
                CallerSubject.of(caller), caller.requestId(), caller.issuedAt().getEpochSecond(), call);
    }

    @Override
    public String seal(CallerSubject subject, String requestId, long issuedAt, SealedCall call) {
        String text = subject.text() + '|' + requestId + '|' + issuedAt;
        return text + '.' + sign(text, call);
    }

    /**
     * The identity; empty when the header is malformed, too long, forged, too old or from the future, or was made for another
     * service or another call.
     *
     * @param call the request that the header came with
     */
    public Optional<CallerIdentity> open(String header, Instant now, SealedCall call) {
        int dot = header.lastIndexOf('.');
        if (dot < 0 || header.length() > LONGEST) {
            return Optional.empty();
        }
        String text = header.substring(0, dot);
        byte[] expected = sign(text, call).getBytes(ISO_8859_1);
        byte[] given = header.substring(dot + 1).getBytes(ISO_8859_1);
        return MessageDigest.isEqual(expected, given) ? identity(text.split("\\|", -1), now) : Optional.empty();
    }

    /** What a gateway has written; yet one of another version may write it otherwise. */
    private static Optional<CallerIdentity> identity(String[] part, Instant now) {
        if (part.length != PARTS) {
            return Optional.empty();
        }
        try {
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
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** No part can hold a line feed, so that none can be taken for the beginning of the next. */
    private String sign(String text, SealedCall call) {
        String all = text + '\n' + audience + '\n' + call.method() + '\n' + call.target();
        return ENCODER.encodeToString(mac.doFinal(all.getBytes(UTF_8)));
    }

    private static Set<String> set(String joined) {
        return joined.isEmpty() ? Set.of() : Set.of(joined.split(","));
    }
}
