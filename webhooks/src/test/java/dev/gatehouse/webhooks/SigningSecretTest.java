package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.webhooks.signature.SecretBox;
import dev.gatehouse.webhooks.signature.SigningSecret;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SigningSecretTest {
    private final SigningSecret secret =
            SigningSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").orElseThrow();
    private final byte[] body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

    @Test
    @DisplayName("the published vector of Standard Webhooks comes out")
    void vector() {
        String signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assertThat(secret.verifies("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body, "v1,AAAA " + signature))
                .isTrue();
        assertThat(secret.verifies("msg_other", 1_614_265_330, body, signature)).isFalse();
    }

    @Test
    @DisplayName("a secret that is too short, too long or no base64 is none")
    void bounds() {
        assertThat(SigningSecret.parse("whsec_" + "A".repeat(28))).isEmpty();
        assertThat(SigningSecret.parse("whsec_" + "A".repeat(32))).isPresent();
        assertThat(SigningSecret.parse("whsec_" + "A".repeat(88))).isEmpty();
        assertThat(SigningSecret.parse("whsec_*")).isEmpty();
        assertThat(SigningSecret.parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).isEmpty();
        assertThat(SigningSecret.parse(SigningSecret.random().text())).isPresent();
        assertThat(secret.toString()).doesNotContain("MfKQ");
    }

    @Test
    @DisplayName("a stored secret opens only for the endpoint that it was sealed for")
    void sealed() {
        SecretBox box = new SecretBox(Installation.SECRETS);
        byte[] sealed = box.seal("whe_1", secret);
        assertThat(box.open("whe_1", sealed).text()).isEqualTo(secret.text());
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("MfKQ");
        assertThatThrownBy(() -> box.open("whe_2", sealed)).isInstanceOf(IllegalStateException.class);
    }
}
