package dev.gatehouse.billing.close;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.BillingSandbox;
import dev.gatehouse.billing.Invoice;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceState;
import dev.gatehouse.billing.LineWords;
import dev.gatehouse.billing.store.ExtraRows.Extra;
import dev.gatehouse.billing.verify.InvoiceVerifier;
import dev.gatehouse.directory.Actor;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The months worked by hand in golden-months.md")
final class GoldenMonthsTest {
    private static List<String> rows() throws IOException {
        try (InputStream in = Objects.requireNonNull(GoldenMonthsTest.class.getResourceAsStream("golden-months.md"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("| 2"))
                    .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                            .map(String::strip)
                            .toList())
                    .map(row -> row.get(0) + " " + row.get(1) + " " + row.get(2))
                    .toList();
        }
    }

    @Test
    @DisplayName(
            "come out of the close, to the cent: a trial, late usage, a month below zero and its credit, a change of plan; and"
                    + " each invoice is verified from its evidence")
    void months() throws Exception {
        try (BillingSandbox sandbox = new BillingSandbox("2026-06-01T00:00:00Z")) {
            // the plan's own prices, with a trial
            sandbox.asOwner(
                    "UPDATE billing.price_list SET content = content || '{\"trialDays\": 10}' WHERE plan = 'growth'");
            TenantId acme = sandbox.tenant("Acme", "growth");
            assertThat(sandbox.billing.monthToDate(acme)).isPresent();
            sandbox.at("2026-06-05T12:00:00Z");
            sandbox.calls(acme, "growth", "listListings", "2026-06-05T10:00:00Z", 7, 100_000);
            sandbox.at("2026-06-20T12:00:00Z");
            sandbox.calls(acme, "growth", "listListings", "2026-06-18T10:00:00Z", 35, 10_000);
            sandbox.at("2026-07-03T00:00:00Z");
            sandbox.run();
            sandbox.at("2026-07-03T06:00:00Z");
            sandbox.calls(acme, "growth", "listListings", "2026-06-30T22:00:00Z", 1, 10_000);
            sandbox.calls(acme, "growth", "listListings", "2026-07-03T01:00:00Z", 10, 10_000);
            sandbox.store()
                    .runAsSystem(session -> session.extras()
                            .insert(
                                    new Extra(
                                            "xln_1",
                                            acme,
                                            Instant.parse("2026-07-01T00:00:00Z"),
                                            Money.of("-150.00", "USD"),
                                            "For the outage",
                                            "promised",
                                            "operator:owner",
                                            sandbox.clock.instant()),
                                    null));
            sandbox.at("2026-08-02T00:00:00Z");
            sandbox.calls(acme, "growth", "listListings", "2026-08-01T10:00:00Z", 10, 10_000);
            sandbox.directory().setPlan(acme, "scale", Actor.process("test")).orThrow();
            sandbox.at("2026-08-03T12:00:00Z");
            sandbox.run();
            sandbox.at("2026-08-20T00:00:00Z");
            sandbox.calls(acme, "scale", "listListings", "2026-08-19T10:00:00Z", 2, 1_411_677);
            assertThat(sandbox.billing
                            .monthToDate(acme)
                            .orElseThrow()
                            .included()
                            .left())
                    .isZero();
            sandbox.at("2026-09-03T12:00:00Z");
            // the month's calls are more than the tenant's season brings
            if (sandbox.run().held() == 1) {
                sandbox.store()
                        .runAsSystem(session -> session.invoices()
                                .approve(
                                        InvoiceId.of(acme, BillingPeriod.of(YearMonth.of(2026, 8))), "operator:owner"));
                sandbox.run();
            }
            List<String> found = new ArrayList<>();
            for (int month = 6; month <= 8; month++) {
                YearMonth of = YearMonth.of(2026, month);
                Invoice invoice = sandbox.billing
                        .invoices()
                        .find(acme, InvoiceId.of(acme, BillingPeriod.of(of)))
                        .orElseThrow();
                assertThat(invoice.state()).isEqualTo(InvoiceState.FINAL);
                invoice.content()
                        .lines()
                        .forEach(line -> found.add(of + " " + LineWords.title(line) + " "
                                + line.amount().amount().toPlainString()));
                found.add(of + " total " + invoice.content().total().amount().toPlainString());
                InvoiceVerifier.Verdict verdict = InvoiceVerifier.verify(
                        sandbox.billing.invoices().evidence(acme, invoice.id()).orElseThrow());
                assertThat(verdict.faults()).isEmpty();
                assertThat(sandbox.audit().reconcile(of).findings()).isEmpty();
            }
            assertThat(found).isEqualTo(rows());
            assertThat(sandbox.billing.monthToDate(acme).orElseThrow().draft().total())
                    .as("a credit is given back once")
                    .isEqualTo(Money.of("499.00", "USD"));
        }
    }
}
