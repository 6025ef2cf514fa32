package dev.gatehouse.portal.site;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens that tie a form to the browser it was shown in: the HMAC-SHA-256 of the browser's cookie. Another site can neither
 * read the cookie nor compute the token.
 *
 * @see <a href="https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html">OWASP:
 *     signed double-submit cookie</a>
 */
final class FormTokens {
    private final byte[] key;

    FormTokens(byte[] key) {
        this.key = key.clone();
    }

    String of(String cookie) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(cookie.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }

    boolean holds(String token, String cookie) {
        return !cookie.isEmpty()
                && MessageDigest.isEqual(
                        token.getBytes(StandardCharsets.UTF_8), of(cookie).getBytes(StandardCharsets.UTF_8));
    }
}
