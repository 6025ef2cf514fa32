package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.webhooks.signature.SecretBox;
import dev.gatehouse.webhooks.signature.Signer;
import dev.gatehouse.webhooks.signature.SigningKeyPair;
import dev.gatehouse.webhooks.signature.SigningSecret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A pair of signing keys")
class SigningKeyPairTest {
    /** RFC 8032, 7.1, test 1: secret key, then public key. */
    private static final byte[] PUBLISHED = HexFormat.of()
            .parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
                    + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

    /** Of an Ed25519 key in a certificate (RFC 8410), before its 32 bytes. */
    private static final byte[] SUBJECT_PUBLIC_KEY_INFO = HexFormat.of().parseHex("302a300506032b6570032100");

    private final byte[] body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

    private static String text(byte[] both) {
        return "whsk_" + Base64.getEncoder().encodeToString(both);
    }

    /** As a receiver would that knows nothing of our code: by the platform's own reading of the key. */
    private static boolean verifies(String publicKey, String signature, byte[] signed) throws Exception {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        encoded.write(SUBJECT_PUBLIC_KEY_INFO);
        encoded.write(Base64.getDecoder().decode(publicKey.substring("whpk_".length())));
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(key);
        check.update(signed);
        return check.verify(Base64.getDecoder().decode(signature.substring("v1a,".length())));
    }

    @Test
    @DisplayName("is the one of RFC 8032 when its bytes are, and signs id, time and body so that anyone can verify it")
    void published() throws Exception {
        SigningKeyPair pair = SigningKeyPair.parse(text(PUBLISHED)).orElseThrow();
        assertThat(pair.publicKey()).isEqualTo("whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        String signature = pair.sign("msg_1", 1_614_265_330, body);
        byte[] signed =
                ("msg_1.1614265330." + new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        assertThat(signature).startsWith("v1a,");
        assertThat(verifies(pair.publicKey(), signature, signed)).isTrue();
        assertThat(SigningKeyPair.verifies(pair.publicKey(), "msg_1", 1_614_265_330, body, "v1,AAAA " + signature))
                .isTrue();
        assertThat(SigningKeyPair.verifies(pair.publicKey(), "msg_2", 1_614_265_330, body, signature))
                .isFalse();
    }

    @Test
    @DisplayName("is made anew each time, and its public half is written so that anyone can read it, for 200 pairs")
    void fresh() throws Exception {
        for (int i = 0; i < 200; i++) {
            SigningKeyPair pair = SigningKeyPair.random();
            assertThat(verifies(
                            pair.publicKey(),
                            pair.sign("m", 7, body),
                            ("m.7." + new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8)))
                    .as(pair.text())
                    .isTrue();
        }
    }

    @Test
    @DisplayName("is none when it is too short, no base64, or its halves do not belong together")
    void none() {
        byte[] other = PUBLISHED.clone();
        other[40] ^= 1;
        assertThat(SigningKeyPair.parse(text(other))).isEmpty();
        assertThat(SigningKeyPair.parse(text(new byte[32]))).isEmpty();
        assertThat(SigningKeyPair.parse("whsk_*")).isEmpty();
        assertThat(SigningKeyPair.parse(SigningSecret.random().text())).isEmpty();
    }

    @Test
    @DisplayName("is kept encrypted and comes back as what it was")
    void sealed() {
        SigningKeyPair pair = SigningKeyPair.random();
        SecretBox box = new SecretBox(Installation.SECRETS);
        Signer back = box.open("whe_1", box.seal("whe_1", pair));
        assertThat(back).isInstanceOf(SigningKeyPair.class);
        assertThat(back.text()).isEqualTo(pair.text());
        assertThat(pair.toString()).contains(pair.publicKey()).doesNotContain(pair.text());
    }
}
