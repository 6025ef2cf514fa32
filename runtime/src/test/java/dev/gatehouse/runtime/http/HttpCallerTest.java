package dev.gatehouse.runtime.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A caller over HTTP")
class HttpCallerTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    @DisplayName("that is closed fails as one whose call is not answered")
    void closed() {
        HttpCaller caller = new HttpCaller(vertx, Duration.ofSeconds(5));
        caller.close();
        assertThatThrownBy(() -> caller.send("GET", URI.create("http://127.0.0.1:1/"), Map.of(), new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("GET http://127.0.0.1:1/");
    }
}
