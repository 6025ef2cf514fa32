package dev.gatehouse.webhooks.signature;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an endpoint's deliveries are signed with, as Standard Webhooks says: over {@code ID.TIMESTAMP.BODY}. */
public sealed interface Signer permits SigningSecret, SigningKeyPair {
    /** All of it, to be kept encrypted. */
    String text();

    /** The half that a receiver verifies with and that is no secret; null when it needs {@link #text} for that. */
    @Nullable
    String publicKey();

    /** One signature with its version in front. @param timestamp seconds since 1970 */
    String sign(String id, long timestamp, byte[] body);

    /** A new one of the same kind. */
    Signer another();

    /** The signer that the text states; empty when it is none. */
    static Optional<Signer> parse(String text) {
        return text.startsWith(SigningKeyPair.PREFIX)
                ? SigningKeyPair.parse(text).map(Signer.class::cast)
                : SigningSecret.parse(text).map(Signer.class::cast);
    }
}
