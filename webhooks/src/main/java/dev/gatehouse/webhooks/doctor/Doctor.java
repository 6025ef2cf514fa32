package dev.gatehouse.webhooks.doctor;

import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.webhooks.Diagnosis;
import dev.gatehouse.webhooks.Diagnosis.Finding;
import dev.gatehouse.webhooks.Diagnosis.Outcome;
import dev.gatehouse.webhooks.delivery.Due;
import dev.gatehouse.webhooks.delivery.Finished;
import dev.gatehouse.webhooks.delivery.Sender;
import dev.gatehouse.webhooks.delivery.Target;
import dev.gatehouse.webhooks.guard.AddressGuard;
import dev.gatehouse.webhooks.guard.BlockedException;
import dev.gatehouse.webhooks.guard.Destination;
import dev.gatehouse.webhooks.guard.LookupFailedException;
import io.vertx.core.Vertx;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Examines a receiver: where its name leads, its TLS certificates, redirects, how soon it acknowledges, and whether it
 * really checks signatures. It sends three messages of type {@code webhook.probe}: one good, one signed with another
 * secret, one signed well but ten minutes ago. All of it goes through the guard, as deliveries do, and takes at most about
 * twice the time of an attempt.
 */
public final class Doctor implements AutoCloseable {
    static final String PROBE = "webhook.probe";
    private static final Duration OLD = Duration.ofMinutes(10);
    private static final Duration SLOW = Duration.ofSeconds(5);

    private final AddressGuard guard;
    private final InstantSource clock;
    private final Sender now;
    private final Sender earlier;
    private final TlsExamination tls = new TlsExamination();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public Doctor(Vertx vertx, AddressGuard guard, InstantSource clock) {
        this.guard = guard;
        this.clock = clock;
        this.now = new Sender(vertx, guard, clock, Sender.DEADLINE);
        this.earlier = new Sender(vertx, guard, () -> clock.instant().minus(OLD), Sender.DEADLINE);
    }

    /** Blocks until all is looked at. */
    public Diagnosis examine(Target target) {
        Instant at = clock.instant();
        List<Finding> findings = new ArrayList<>();
        Destination destination;
        try {
            long start = System.nanoTime();
            destination = guard.resolve(target.tenant(), target.url());
            findings.add(Finding.good(
                    "dns",
                    destination.host() + " leads to "
                            + destination.address().getHostAddress() + ", found in " + millis(System.nanoTime() - start)
                            + " ms"));
        } catch (BlockedException e) {
            return blind(target, at, "The URL " + e.reason(), "Give a public https address.");
        } catch (LookupFailedException e) {
            return blind(
                    target,
                    at,
                    "The name could not be looked up: " + e.getMessage() + ".",
                    "Nothing on your side. Try again in a minute.");
        } catch (UnknownHostException e) {
            return blind(
                    target,
                    at,
                    "The name has no address.",
                    "Look for a slip in the name; a new DNS record may take some minutes to be seen.");
        }
        CompletableFuture<Finding> certificate =
                CompletableFuture.supplyAsync(() -> tls.examine(destination, at), threads);
        CompletableFuture<Finished> good = send(now, target);
        CompletableFuture<Finished> forged = send(now, forged(target));
        CompletableFuture<Finished> stale = send(earlier, target);
        findings.add(certificate.join());
        Finished answer = good.join();
        findings.add(redirect(answer));
        findings.add(acknowledgement(answer));
        findings.add(signature(answer, forged.join()));
        findings.add(replay(answer, stale.join()));
        return diagnosis(target, at, findings);
    }

    private static Diagnosis blind(Target target, Instant at, String found, String fix) {
        List<Finding> findings = new ArrayList<>(List.of(Finding.failed("dns", found, fix)));
        for (String check : List.of("tls", "redirect", "acknowledgement", "signature", "replay")) {
            findings.add(Finding.skipped(check, "There is no address to ask."));
        }
        return diagnosis(target, at, findings);
    }

    private static Diagnosis diagnosis(Target target, Instant at, List<Finding> findings) {
        boolean healthy = findings.stream().noneMatch(finding -> finding.outcome() == Outcome.FAILED);
        return new Diagnosis(target.endpoint(), at, healthy, findings);
    }

    private static Target forged(Target target) {
        return new Target(
                target.endpoint(),
                target.tenant(),
                target.url(),
                target.isEnabled(),
                target.isOrdered(),
                List.of(target.signers().getFirst().another()),
                null);
    }

    private CompletableFuture<Finished> send(Sender sender, Target target) {
        String body = Json.text(Map.of(
                "type", PROBE, "timestamp", clock.instant().toString(), "sequence", 0, "test", true, "data", Map.of()));
        Due probe = new Due(
                PrefixedId.next("dlv", clock),
                target.tenant(),
                target.endpoint(),
                "",
                PrefixedId.next("msg", clock),
                0,
                body,
                null);
        return CompletableFuture.supplyAsync(() -> sender.send(target, probe), threads);
    }

    private static boolean isRedirect(Finished answer) {
        Integer status = answer.response().status();
        return status != null && status >= 300 && status < 400;
    }

    private static Finding redirect(Finished answer) {
        if (answer.response().status() == null) {
            return Finding.skipped("redirect", "The receiver gave no answer.");
        }
        return isRedirect(answer)
                ? Finding.failed(
                        "redirect",
                        "The receiver answered " + answer.response().status() + ", a redirect. Deliveries follow none.",
                        "Give the address that it leads to as the endpoint's URL.")
                : Finding.good("redirect", "The receiver answers itself and redirects nowhere.");
    }

    private static Finding acknowledgement(Finished answer) {
        Finished.Response response = answer.response();
        String took = millis(response.timing().total() * 1_000) + " ms";
        if (answer.isSuccess()) {
            return response.timing().total() < SLOW.toNanos() / 1_000
                    ? Finding.good(
                            "acknowledgement", "A signed message was answered " + response.status() + " in " + took)
                    : Finding.warning(
                            "acknowledgement",
                            "A signed message was answered " + response.status() + ", but only after " + took,
                            "Answer 2xx as soon as the message is stored and do the work afterwards: after "
                                    + Sender.DEADLINE.toSeconds()
                                    + " s an attempt counts as failed, and slow receivers get"
                                    + " fewer deliveries at once.");
        }
        return Finding.failed(
                "acknowledgement", "A signed message was not acknowledged: " + response.detail(), advice(response));
    }

    private static String advice(Finished.Response response) {
        Integer status = response.status();
        if (status == null) {
            return switch (String.valueOf(response.error())) {
                case "timeout" ->
                    "Answer within " + Sender.DEADLINE.toSeconds() + " s; see that no firewall drops our connections.";
                case "connect" -> "See that the server runs, listens on this port and lets the internet in.";
                case "tls" -> "Mend the certificate: see the tls finding.";
                default -> "Look into the receiver's log.";
            };
        }
        if (status == 401 || status == 403) {
            return "The receiver refuses a message that is signed with the endpoint's current secret: give it that secret"
                    + " (rotate it if it is lost), and verify the raw body before it is parsed.";
        }
        if (status == 404 || status == 405) {
            return "Let the path take POST, or give the right path.";
        }
        if (status == 410) {
            return "410 Gone disables the endpoint when a delivery is answered so.";
        }
        return status >= 500
                ? "Look into the receiver's log; a message of an unknown type should be acknowledged, too."
                : "Answer 2xx to what is signed well, also to types that you do not know.";
    }

    private static boolean isRefused(Finished answer) {
        Integer status = answer.response().status();
        return status != null && status >= 400 && status < 500;
    }

    private static Finding signature(Finished good, Finished forged) {
        if (forged.isSuccess()) {
            return Finding.failed(
                    "signature",
                    "A message with a wrong signature was answered "
                            + forged.response().status() + ".",
                    "Verify webhook-signature with a Standard Webhooks library and answer 401 when it does not fit: as it"
                            + " is, anyone who knows the address can send you events.");
        }
        if (!good.isSuccess()) {
            return Finding.skipped("signature", "The well-signed message was not acknowledged either.");
        }
        return isRefused(forged)
                ? Finding.good(
                        "signature",
                        "A message with a wrong signature was refused with "
                                + forged.response().status() + ".")
                : Finding.warning(
                        "signature",
                        "A message with a wrong signature failed: "
                                + forged.response().detail(),
                        "Answer 401 to a wrong signature; an error of the server looks like an outage.");
    }

    private static Finding replay(Finished good, Finished stale) {
        if (!good.isSuccess()) {
            return Finding.skipped("replay", "The well-signed message was not acknowledged either.");
        }
        return stale.isSuccess()
                ? Finding.warning(
                        "replay",
                        "A message that was signed ten minutes ago was answered "
                                + stale.response().status() + ".",
                        "Refuse a webhook-timestamp that is more than five minutes off: as it is, a message that someone"
                                + " caught can be sent to you again.")
                : Finding.good("replay", "A message that was signed ten minutes ago was refused.");
    }

    private static long millis(long nanos) {
        return Math.max(1, nanos / 1_000_000);
    }

    @Override
    public void close() {
        now.close();
        earlier.close();
        threads.shutdownNow();
    }
}
