package dev.gatehouse.portal.page;

import dev.gatehouse.webhooks.Attempt;
import dev.gatehouse.webhooks.Endpoint;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a delivery failed, in words its receiver's owner can act on.
 *
 * @param happened what we saw
 * @param todo what to do about it
 */
public record Diagnosis(String happened, String todo) {

    /** Of one attempt; empty when it succeeded. */
    public static Optional<Diagnosis> of(Attempt attempt) {
        String error = attempt.error();
        if (error == null) {
            return Optional.empty();
        }
        return Optional.of(
                switch (error) {
                    case "timeout" ->
                        new Diagnosis(
                                "No whole answer came within 15 seconds.",
                                "Answer 2xx as soon as the message is stored, and do the work afterwards.");
                    case "dns" ->
                        new Diagnosis(
                                "The host name did not resolve.",
                                "Check the address for a typo, and that its DNS record is public.");
                    case "connect" ->
                        new Diagnosis(
                                "Nothing accepted the connection.",
                                "Check that the receiver runs, listens on this port and that its firewall lets us in.");
                    case "tls" ->
                        new Diagnosis(
                                "The TLS handshake failed.",
                                "Check that the certificate is in date, names this host and carries its whole chain.");
                    case "blocked" ->
                        new Diagnosis(
                                "The address points to a network that we do not send to.",
                                "Use a public https address on port 443, 8443 or 9443.");
                    case "too_large" ->
                        new Diagnosis(
                                "The answer was larger than 256 KB.",
                                "Answer with an empty body: only the status counts.");
                    case "not_made" ->
                        new Diagnosis(
                                "The attempt could not be made, for a reason on our side. It does not count, and is made again soon.",
                                "Nothing on your side.");
                    case "broken" ->
                        new Diagnosis(
                                "The connection broke before the answer was whole.",
                                "Look for a crash, or a proxy that cuts connections, at the time of the attempt.");
                    default -> status(Objects.requireNonNullElse(attempt.status(), 0));
                });
    }

    private static Diagnosis status(int status) {
        String answered = "Your receiver answered " + status + ".";
        return switch (status) {
            case 301, 302, 303, 307, 308 ->
                new Diagnosis(answered, "Redirects are not followed. Change the endpoint to the address it leads to.");
            case 400, 422 ->
                new Diagnosis(
                        answered,
                        "It did not accept the message. Compare the body below with what it expects; a failed signature"
                                + " check often answers this.");
            case 401, 403 ->
                new Diagnosis(
                        answered,
                        "It wants credentials, or the signature did not verify. Check that it uses this endpoint’s current"
                                + " secret and the body exactly as received.");
            case 404, 405 ->
                new Diagnosis(answered, "There is no POST handler at this path. Check the endpoint’s address.");
            case 410 ->
                new Diagnosis(
                        answered,
                        "That means “gone”: the endpoint was switched off. Enable it again if it was a mistake.");
            case 413 -> new Diagnosis(answered, "It refuses bodies of this size. Allow at least 256 KB.");
            case 429 ->
                new Diagnosis(
                        answered, "It asks for a slower pace. We honour Retry-After; send one if you need longer.");
            case 502, 503, 504 ->
                new Diagnosis(
                        answered,
                        "A proxy answered for it: the receiver behind it is down or overloaded. We try again by itself.");
            default ->
                status >= 500
                        ? new Diagnosis(
                                answered, "It failed on this message. Its log at the time of the attempt says why.")
                        : new Diagnosis(answered, "Answer with any 2xx to take a delivery.");
        };
    }

    /** How an endpoint stands, when its owner should know of it. */
    public static Optional<Diagnosis> of(Endpoint endpoint, List<Attempt> last) {
        if (endpoint.status() == Endpoint.Status.DISABLED) {
            return Optional.of(new Diagnosis(
                    "Nothing is delivered here: "
                            + Objects.requireNonNullElse(endpoint.reason(), "the endpoint is disabled."),
                    "Mend the receiver, enable the endpoint, then send again what was given up."));
        }
        Optional<Diagnosis> why = last.stream()
                .filter(attempt -> !attempt.isSuccess())
                .reduce((first, second) -> second)
                .flatMap(Diagnosis::of);
        if (endpoint.breaker() == Endpoint.Breaker.OPEN) {
            return Optional.of(new Diagnosis(
                    "Five deliveries in a row failed, so the rest is parked and burns no attempts. "
                            + why.map(Diagnosis::happened).orElse(""),
                    why.map(Diagnosis::todo).orElse("Check the receiver.")
                            + " One delivery at a time is tried; the first success sends the rest."));
        }
        return endpoint.failingSince() == null ? Optional.empty() : why;
    }
}
