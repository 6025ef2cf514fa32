package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.stub.CertificateFiles;
import io.vertx.core.http.HttpClientOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The framing of a request that came over TLS is written from what really came")
class ForwardedFramingOverTlsTest extends ForwardedFraming {
    @TempDir
    static Path folder;

    @Override
    GatewayModule open() throws Exception {
        return sandbox.gateway(sandbox.settings(
                "framing-tls", GatewaySettings.Edge.standard(), 1, CertificateFiles.issue("framing", folder)));
    }

    @Override
    HttpClientOptions client() {
        return new HttpClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setTrustAll(true)
                .setVerifyHost(false);
    }
}
