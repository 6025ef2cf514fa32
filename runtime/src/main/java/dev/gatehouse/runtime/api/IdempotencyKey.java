package dev.gatehouse.runtime.api;

import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A request that may come twice and shall be done once.
 *
 * @param key the client's own name for it
 * @param digest of what is asked, so that the key of one request is not taken for another's
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">The Idempotency-Key header</a>
 */
public record IdempotencyKey(String key, String digest) {
    /** The answer's header that says that the request was done before. */
    public static final String REPLAYED = "Idempotent-Replayed";

    private static final String HEADER = "Idempotency-Key";
    private static final int LONGEST = 255;

    /**
     * @param asked all that the client asks for, as text
     * @return empty when the client sent no key
     * @throws ProblemException 400 when the key is no key
     */
    public static Optional<IdempotencyKey> of(ApiCall call, String asked) {
        Optional<String> header = call.request().header("idempotency-key");
        header.filter(key -> !isWellFormed(key)).ifPresent(key -> {
            throw Problem.of(
                            ProblemCode.INVALID_PARAMETERS,
                            "The Idempotency-Key cannot be used.",
                            List.of(new FieldError(HEADER, "must be 1 to " + LONGEST + " printable ASCII characters")))
                    .asException();
        });
        return header.map(key -> new IdempotencyKey(key, digest(asked)));
    }

    private static boolean isWellFormed(String key) {
        return !key.isBlank() && key.length() <= LONGEST && key.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
