package dev.gatehouse.webhooks.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.webhooks.Attempt;
import dev.gatehouse.webhooks.Backlog;
import dev.gatehouse.webhooks.Delivery;
import dev.gatehouse.webhooks.Diagnosis;
import dev.gatehouse.webhooks.Endpoint;
import dev.gatehouse.webhooks.EndpointWithSecret;
import dev.gatehouse.webhooks.EventFilter;
import dev.gatehouse.webhooks.EventType;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the API shows of things. */
final class Shown {
    private Shown() {}

    record EndpointView(
            String id,
            String mode,
            String url,
            String description,
            List<String> eventTypes,
            EventFilter filter,
            String status,
            @Nullable String reason,
            String breaker,
            @Nullable Instant failingSince,
            @Nullable Instant previousSecretUntil,
            String signature,
            @Nullable String publicKey,
            boolean ordered,
            Instant createdAt,
            Instant updatedAt,
            long version,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String secret) {}

    /** With the secret, if it is one. */
    static EndpointView endpoint(EndpointWithSecret made) {
        boolean shared = made.endpoint().signing().scheme() == Endpoint.Scheme.V1;
        return endpoint(made.endpoint(), shared ? made.secret() : null);
    }

    static EndpointView endpoint(Endpoint endpoint, @Nullable String secret) {
        return new EndpointView(
                endpoint.id(),
                endpoint.mode().text(),
                endpoint.url(),
                endpoint.description(),
                endpoint.eventTypes(),
                endpoint.filter(),
                text(endpoint.status()),
                endpoint.reason(),
                text(endpoint.breaker()),
                endpoint.failingSince(),
                endpoint.previousSecretUntil(),
                text(endpoint.signing().scheme()),
                endpoint.signing().publicKey(),
                endpoint.ordered(),
                endpoint.createdAt(),
                endpoint.updatedAt(),
                endpoint.version(),
                secret);
    }

    record DeliveryView(
            String id,
            String endpoint,
            String message,
            String type,
            String subject,
            long sequence,
            String origin,
            String status,
            int attempts,
            @Nullable Instant dueAt,
            @Nullable Integer lastStatus,
            @Nullable String lastError,
            Instant createdAt,
            @Nullable Instant finishedAt,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            JsonNode payload,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<AttemptView> log) {}

    static DeliveryView delivery(Delivery delivery) {
        return delivery(delivery, null, null);
    }

    static DeliveryView delivery(Delivery delivery, @Nullable String payload, @Nullable List<Attempt> log) {
        return new DeliveryView(
                delivery.id(),
                delivery.endpoint(),
                delivery.message(),
                delivery.type(),
                delivery.subject(),
                delivery.sequence(),
                text(delivery.origin()),
                text(delivery.status()),
                delivery.attempts(),
                delivery.status() == Delivery.Status.PENDING ? delivery.dueAt() : null,
                delivery.lastStatus(),
                delivery.lastError(),
                delivery.createdAt(),
                delivery.finishedAt(),
                payload == null ? null : Json.tree(payload),
                log == null ? null : log.stream().map(Shown::attempt).toList());
    }

    /** Times in milliseconds. */
    record TimingView(double dns, double connect, double tls, double firstByte, double total) {}

    record AttemptView(
            int number,
            Instant at,
            boolean counted,
            boolean success,
            @Nullable Integer status,
            @Nullable String error,
            @Nullable String detail,
            @Nullable String address,
            TimingView timing,
            String requestHeaders,
            String responseHeaders,
            String responseBody) {}

    private static AttemptView attempt(Attempt attempt) {
        Attempt.Timing timing = attempt.timing();
        return new AttemptView(
                attempt.no(),
                attempt.at(),
                attempt.counted(),
                attempt.isSuccess(),
                attempt.status(),
                attempt.error(),
                attempt.detail(),
                attempt.address(),
                new TimingView(
                        timing.dns() / 1_000.0,
                        timing.connect() / 1_000.0,
                        timing.tls() / 1_000.0,
                        timing.firstByte() / 1_000.0,
                        timing.total() / 1_000.0),
                attempt.requestHeaders(),
                attempt.responseHeaders(),
                attempt.responseBody());
    }

    record FindingView(
            String check,
            String outcome,
            String found,
            @Nullable String fix) {}

    record DiagnosisView(String endpoint, Instant at, boolean healthy, List<FindingView> findings) {}

    static DiagnosisView diagnosis(Diagnosis diagnosis) {
        return new DiagnosisView(
                diagnosis.endpoint(),
                diagnosis.at(),
                diagnosis.healthy(),
                diagnosis.findings().stream()
                        .map(finding -> new FindingView(
                                finding.check(), text(finding.outcome()), finding.found(), finding.fix()))
                        .toList());
    }

    static Map<String, Object> eventType(EventType type) {
        return Map.of(
                "name", type.name(),
                "description", type.description(),
                "schema", Json.tree(type.schema()),
                "example", Json.tree(type.example()));
    }

    record BacklogView(
            long pending,
            @Nullable Instant oldest,
            double perSecond,
            @Nullable Long drainSeconds,
            long dead) {}

    static BacklogView backlog(Backlog backlog) {
        return new BacklogView(
                backlog.pending(), backlog.oldest(), backlog.perSecond(), backlog.drainSeconds(), backlog.dead());
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
