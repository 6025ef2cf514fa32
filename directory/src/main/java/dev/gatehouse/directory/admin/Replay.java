package dev.gatehouse.directory.admin;

import dev.gatehouse.directory.change.Writing;
import dev.gatehouse.directory.store.IdempotencyRows.Given;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Answers a change that was sent again under the same {@code Idempotency-Key} as it was answered before. The answers kept
 * may hold a new key's text: each is encrypted (AES-256-GCM) under a key that is derived from the installation's secret,
 * the operator and the idempotency key, of which only a hash is kept.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">The Idempotency-Key HTTP
 *     Header Field</a>
 */
final class Replay {
    private static final Duration KEPT = Duration.ofHours(24);
    private static final int NONCE = 12;
    private static final int TAG = 16;
    private static final SecureRandom CHANCE = new SecureRandom();

    private final byte[] secret;

    /** @param secret 32 bytes, for this purpose only */
    Replay(byte[] secret) {
        this.secret = secret.clone();
    }

    /** The answer kept for this key, or what {@code work} answers, which is then kept. Run while nobody else writes. */
    Response once(ApiCall call, Operator operator, Writing writing, Supplier<Answer> work) {
        Optional<String> given = given(call);
        if (given.isEmpty()) {
            return work.get().response();
        }
        Optional<Response> before = kept(call, operator, writing);
        if (before.isPresent()) {
            return before.get();
        }
        String who = who(operator, given.get());
        String keyHash = HexFormat.of().formatHex(derive("name\n" + who));
        String requestHash = HexFormat.of().formatHex(derive("request\n" + describe(call)));
        Answer answer = work.get();
        byte[] body = answer.body() == null ? new byte[0] : Json.bytes(answer.body());
        writing.session()
                .idempotency()
                .put(
                        keyHash,
                        new Given(requestHash, answer.status(), seal(who, body)),
                        writing.now(),
                        writing.now().minus(KEPT));
        return answer.response();
    }

    /** The answer kept for this key; empty when the call has none, or it is new. */
    Optional<Response> kept(ApiCall call, Operator operator, Writing writing) {
        return given(call).flatMap(given -> {
            String who = who(operator, given);
            String keyHash = HexFormat.of().formatHex(derive("name\n" + who));
            String requestHash = HexFormat.of().formatHex(derive("request\n" + describe(call)));
            return writing.session()
                    .idempotency()
                    .find(keyHash, writing.now().minus(KEPT))
                    .map(before -> again(before, requestHash, who));
        });
    }

    private static Optional<String> given(ApiCall call) {
        Optional<String> given = call.request().header("idempotency-key");
        if (given.isPresent() && !given.get().matches("[\\x21-\\x7e]{1,255}")) {
            throw new ProblemException(
                    ProblemCode.MALFORMED_REQUEST, "Idempotency-Key must be 1 to 255 visible ASCII characters.");
        }
        return given;
    }

    /** One operator's keys are not another's. */
    private static String who(Operator operator, String given) {
        return operator.name() + "\n" + given;
    }

    private Response again(Given before, String requestHash, String who) {
        if (!MessageDigest.isEqual(
                before.requestHash().getBytes(StandardCharsets.US_ASCII),
                requestHash.getBytes(StandardCharsets.US_ASCII))) {
            throw new ProblemException(
                    ProblemCode.IDEMPOTENCY_MISMATCH,
                    "This Idempotency-Key came with another request before. Nothing was changed: use a new key for a new"
                            + " change.");
        }
        byte[] body = open(who, before.sealed());
        Response response =
                body.length == 0 ? Response.noContent() : Response.bytes(before.status(), "application/json", body);
        return response.with("Idempotent-Replayed", "true");
    }

    private static String describe(ApiCall call) {
        @Nullable Object body = call.body();
        return call.request().method() + " " + call.request().path() + " "
                + new TreeMap<>(call.request().query()) + " " + (body == null ? "" : body);
    }

    /** A random nonce, and what it encrypts. */
    private byte[] seal(String who, byte[] text) {
        byte[] nonce = new byte[NONCE];
        CHANCE.nextBytes(nonce);
        byte[] sealed = Arrays.copyOf(nonce, NONCE + text.length + TAG);
        try {
            cipher(Cipher.ENCRYPT_MODE, who, nonce).doFinal(text, 0, text.length, sealed, NONCE);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an answer cannot be sealed", e);
        }
    }

    private byte[] open(String who, byte[] sealed) {
        try {
            return cipher(Cipher.DECRYPT_MODE, who, Arrays.copyOf(sealed, NONCE))
                    .doFinal(sealed, NONCE, sealed.length - NONCE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a kept answer cannot be opened", e);
        }
    }

    private Cipher cipher(int mode, String who, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode, new SecretKeySpec(derive("seal\n" + who), "AES"), new GCMParameterSpec(TAG * Byte.SIZE, nonce));
        return cipher;
    }

    private byte[] derive(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }
}
