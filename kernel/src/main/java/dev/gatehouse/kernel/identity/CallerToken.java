package dev.gatehouse.kernel.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;

/**
 * Writes who calls for a service that an operator has put behind the gateway: a JSON Web Token (RFC 7519) signed with
 * HMAC-SHA-256 ({@code HS256}, RFC 7515) under the secret of that route alone, so that any language's library can check it
 * and nothing of the installation's own opens to it. Beside who calls it says for which route ({@code aud}), method
 * ({@code htm}, as in RFC 9449) and target ({@code target_sha256}: a digest, since a target may be longer than a header
 * should be) it was made. {@code docs/services.md} shows how a service checks it.
 */
public final class CallerToken implements CallerSeal {
    public static final String ISSUER = "gatehouse";

    /** From {@code iat} to {@code exp}. */
    public static final Duration LIFETIME = Duration.ofSeconds(30);

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final String head;
    private final String audience;
    private final Mac mac;
    private final MessageDigest sha256;

    /**
     * @param route the route's name, which becomes the audience
     * @param keyId names the secret among those that the route has had
     * @param secret as the operator is shown it; its characters are the key
     */
    public CallerToken(String route, String keyId, String secret) {
        StringBuilder header = new StringBuilder("{\"alg\":\"HS256\",\"typ\":\"JWT\",");
        CallerSubject.member(header, "kid", keyId);
        head = base64(header.append('}').toString()) + '.';
        StringBuilder aud = new StringBuilder(64);
        CallerSubject.member(aud, "iss", ISSUER);
        CallerSubject.member(aud.append(','), "aud", route);
        audience = aud.toString();
        mac = InternalSecrets.hmac(secret.getBytes(UTF_8));
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String seal(CallerSubject subject, String requestId, long issuedAt, SealedCall call) {
        StringBuilder claims =
                new StringBuilder(512).append('{').append(audience).append(',');
        claims.append(subject.claims()).append(',');
        CallerSubject.member(claims, "jti", requestId);
        claims.append(",\"iat\":").append(issuedAt);
        claims.append(",\"exp\":").append(issuedAt + LIFETIME.toSeconds()).append(',');
        CallerSubject.member(claims, "htm", call.method());
        CallerSubject.member(
                claims.append(','),
                "target_sha256",
                ENCODER.encodeToString(sha256.digest(call.target().getBytes(UTF_8))));
        String signed = head + base64(claims.append('}').toString());
        return signed + '.' + ENCODER.encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
    }

    private static String base64(String text) {
        return ENCODER.encodeToString(text.getBytes(UTF_8));
    }
}
