package dev.gatehouse.webhooks.signature;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * A pair of Ed25519 keys (RFC 8032): we sign with one half, a receiver verifies with the other and holds no secret. As
 * Standard Webhooks writes them: {@code whsk_} and 64 bytes in base64 (seed, then public key), {@code whpk_} and the 32
 * bytes of the public key; a signature is {@code v1a,} and its 64 bytes.
 *
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 *     Webhooks</a>
 */
public final class SigningKeyPair implements Signer {
    public static final String PREFIX = "whsk_";
    public static final String PUBLIC_PREFIX = "whpk_";
    private static final String VERSION = "v1a,";
    private static final String ALGORITHM = "Ed25519";
    private static final int HALF = 32;

    private final byte[] both;
    private final PrivateKey key;

    private SigningKeyPair(byte[] both) throws GeneralSecurityException {
        this.both = both;
        this.key = KeyFactory.getInstance(ALGORITHM)
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, Arrays.copyOf(both, HALF)));
    }

    public static SigningKeyPair random() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
            byte[] both = Arrays.copyOf(seed, 2 * HALF);
            System.arraycopy(encoded(((EdECPublicKey) pair.getPublic()).getPoint()), 0, both, HALF, HALF);
            return new SigningKeyPair(both);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("Java 15 and newer have Ed25519", e);
        }
    }

    /** The pair that the text states; empty when it is none, or when its halves do not belong together. */
    public static Optional<SigningKeyPair> parse(String text) {
        if (!text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            byte[] both = Base64.getDecoder().decode(text.substring(PREFIX.length()));
            if (both.length != 2 * HALF) {
                return Optional.empty();
            }
            SigningKeyPair pair = new SigningKeyPair(both);
            return verifies(pair.publicKey(), "msg_", 0, new byte[0], pair.sign("msg_", 0, new byte[0]))
                    ? Optional.of(pair)
                    : Optional.empty();
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    @Override
    public String text() {
        return PREFIX + Base64.getEncoder().encodeToString(both);
    }

    @Override
    public String publicKey() {
        return PUBLIC_PREFIX + Base64.getEncoder().encodeToString(Arrays.copyOfRange(both, HALF, 2 * HALF));
    }

    @Override
    public String sign(String id, long timestamp, byte[] body) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(head(id, timestamp));
            signature.update(body);
            return VERSION + Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError("a key of Ed25519 signs", e);
        }
    }

    /**
     * Whether one of the signatures, divided by spaces, was made with the other half of the key.
     *
     * @param publicKey as in {@code whpk_…}
     */
    public static boolean verifies(String publicKey, String id, long timestamp, byte[] body, String signatures) {
        try {
            PublicKey key = decoded(Base64.getDecoder().decode(publicKey.substring(PUBLIC_PREFIX.length())));
            for (String given : signatures.split(" ")) {
                if (given.startsWith(VERSION)) {
                    Signature signature = Signature.getInstance(ALGORITHM);
                    signature.initVerify(key);
                    signature.update(head(id, timestamp));
                    signature.update(body);
                    if (signature.verify(Base64.getDecoder().decode(given.substring(VERSION.length())))) {
                        return true;
                    }
                }
            }
            return false;
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public SigningKeyPair another() {
        return random();
    }

    private static byte[] head(String id, long timestamp) {
        return (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
    }

    /** RFC 8032, 5.1.2: the y-coordinate, least byte first, and the lowest bit of x in the highest bit. */
    private static byte[] encoded(EdECPoint point) {
        byte[] big = point.getY().toByteArray();
        byte[] little = new byte[HALF];
        for (int i = 0; i < Math.min(HALF, big.length); i++) {
            little[i] = big[big.length - 1 - i];
        }
        if (point.isXOdd()) {
            little[HALF - 1] |= (byte) 0x80;
        }
        return little;
    }

    private static PublicKey decoded(byte[] little) throws GeneralSecurityException {
        byte[] big = new byte[little.length];
        for (int i = 0; i < little.length; i++) {
            big[i] = little[little.length - 1 - i];
        }
        boolean odd = big.length > 0 && (big[0] & 0x80) != 0;
        if (odd) {
            big[0] &= 0x7f;
        }
        return KeyFactory.getInstance(ALGORITHM)
                .generatePublic(
                        new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, big))));
    }

    @Override
    public String toString() {
        return "SigningKeyPair[" + publicKey() + "]";
    }
}
