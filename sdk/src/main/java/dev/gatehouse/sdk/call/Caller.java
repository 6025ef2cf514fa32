package dev.gatehouse.sdk.call;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes calls over the JDK's HTTP client, again where that helps, and reads their answers. Safe for threads. */
public final class Caller {
    private static final String AGENT = "gatehouse-java/0.1";

    /** Waits; replaced where a test does not want to. */
    @FunctionalInterface
    public interface Pause {
        void pause(Duration wait) throws InterruptedException;
    }

    /**
     * What calls are made with.
     *
     * @param base of the gateway, as in {@code https://api.example.com}
     * @param key an API key
     * @param timeout of one attempt
     */
    public record Settings(
            URI base, String key, Duration timeout, RetryPolicy retries, InstantSource clock, Pause pause) {
        @Override
        public String toString() {
            return "Settings[" + base + "]";
        }
    }

    private final Settings settings;
    private final HttpClient http;
    private final ObjectMapper mapper;
    private final RandomGenerator chance = new ThreadChance();

    public Caller(Settings settings) {
        this.settings = settings;
        this.http = HttpClient.newBuilder()
                .connectTimeout(settings.timeout())
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        this.mapper = JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .build();
    }

    /** A single thing. */
    public <T> One<T> one(Call call, Class<T> type) {
        JsonNode answer = answer(call);
        return new One<>(read(answer.path("data"), mapper.constructType(type)), absent(answer));
    }

    /** One page of a list. */
    public <T> Page<T> page(Call call, Class<T> type) {
        JsonNode answer = answer(call);
        List<T> data = new ArrayList<>();
        JavaType each = mapper.constructType(type);
        answer.path("data").forEach(item -> data.add(read(item, each)));
        JsonNode next = answer.at("/page/next");
        return new Page<>(data, next.isTextual() ? next.asText() : null, absent(answer));
    }

    /** An answer as a whole. */
    public <T> T whole(Call call, Class<T> type) {
        return read(answer(call), mapper.constructType(type));
    }

    /** An answer of a JSON object a line. */
    public <T> Stream<T> lines(Call call, Class<T> type) {
        JavaType each = mapper.constructType(type);
        return new String(send(call).body(), StandardCharsets.UTF_8).lines().map(line -> {
            try {
                return read(mapper.readTree(line), each);
            } catch (IOException e) {
                throw new UnreachableException(
                        "a line of the answer to " + call.method() + " " + call.path() + " is not JSON", e);
            }
        });
    }

    /** A call whose answer has no body. */
    public void done(Call call) {
        HttpResponse<byte[]> unused = send(call);
    }

    private <T> T read(JsonNode node, JavaType type) {
        try {
            return mapper.convertValue(node, type);
        } catch (IllegalArgumentException e) {
            throw new UnreachableException(
                    "the answer is not a " + type.getRawClass().getSimpleName(), e);
        }
    }

    private static List<String> absent(JsonNode answer) {
        List<String> absent = new ArrayList<>();
        answer.at("/meta/absentFields").forEach(name -> absent.add(name.asText()));
        return absent;
    }

    private JsonNode answer(Call call) {
        HttpResponse<byte[]> response = send(call);
        try {
            return mapper.readTree(response.body());
        } catch (IOException e) {
            throw new UnreachableException("the answer to " + call.method() + " " + call.path() + " is not JSON", e);
        }
    }

    private HttpResponse<byte[]> send(Call call) {
        HttpRequest request = request(call);
        for (int made = 1; ; made++) {
            Optional<Duration> wait;
            try {
                HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
                if (response.statusCode() < 300) {
                    return response;
                }
                Optional<Duration> retryAfter = response.headers()
                        .firstValue("Retry-After")
                        .flatMap(text ->
                                RetryPolicy.retryAfter(text, settings.clock().instant()));
                wait = mayRepeat(call, response.statusCode())
                        ? settings.retries().afterAnswer(made, response.statusCode(), retryAfter, chance)
                        : Optional.empty();
                if (wait.isEmpty()) {
                    throw new RefusedException(problem(response), retryAfter.orElse(null));
                }
            } catch (IOException e) {
                wait = call.repeat() == Call.Repeat.SAFE
                        ? settings.retries().afterFailure(made, chance)
                        : Optional.empty();
                if (wait.isEmpty()) {
                    throw new UnreachableException(
                            call.method() + " " + call.path() + " has no answer after " + made + " attempts", e);
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            pause(wait.get());
        }
    }

    /** A 429 says that nothing was done; after a 5xx it is not known. */
    private static boolean mayRepeat(Call call, int status) {
        return status == 429 || call.repeat() == Call.Repeat.SAFE;
    }

    private void pause(Duration wait) {
        try {
            settings.pause().pause(wait);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static UnreachableException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new UnreachableException("the thread was interrupted", e);
    }

    private HttpRequest request(Call call) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(settings.base().toString().replaceAll("/+$", "") + call.target()))
                .timeout(settings.timeout())
                .header("Authorization", "Bearer " + settings.key())
                .header("Accept", "application/json")
                .header("User-Agent", AGENT);
        call.headers().forEach(request::header);
        if (call.body() == null) {
            return request.method(call.method(), HttpRequest.BodyPublishers.noBody())
                    .build();
        }
        try {
            return request.header("Content-Type", "application/json")
                    .method(
                            call.method(),
                            HttpRequest.BodyPublishers.ofByteArray(mapper.writeValueAsBytes(call.body())))
                    .build();
        } catch (IOException e) {
            throw new IllegalArgumentException("the body cannot be written as JSON", e);
        }
    }

    private ApiProblem problem(HttpResponse<byte[]> response) {
        @Nullable ApiProblem read = null;
        try {
            read = mapper.readValue(response.body(), ApiProblem.class);
        } catch (IOException e) {
            // something before the API answered, a proxy for instance: its status is all there is to say
        }
        return read == null || read.status() == 0
                ? new ApiProblem(
                        response.statusCode(),
                        "http_" + response.statusCode(),
                        null,
                        null,
                        response.headers().firstValue("X-Request-ID").orElse(null),
                        List.of())
                : read;
    }

    /** Of whichever thread asks. */
    private static final class ThreadChance implements RandomGenerator {
        @Override
        public long nextLong() {
            return ThreadLocalRandom.current().nextLong();
        }
    }
}
