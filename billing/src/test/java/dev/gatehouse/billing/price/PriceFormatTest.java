package dev.gatehouse.billing.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.runtime.json.Json;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A price list as it is written")
final class PriceFormatTest {
    private static final TenantId TENANT = new TenantId("tnt_01k9zzzzzzzzzzzzzzzzzzzzzz");
    private static final String WHOLE = """
            prices:
              - plan: growth
                currency: USD
                version: 2
                from: 2027-01-01T00:00:00Z
                baseFee: "99.00"
                includedUnits: 500000
                units:
                  graduated:
                    - {upTo: 1000, per1000: "0.40"}
                    - {per1000: "0.20"}
                operations:
                  searchListings: {flat: "1.20"}
                minimum: "120.00"
                discountPercent: "5"
                trialDays: 14
            """;

    @Test
    @DisplayName("is read whole, and written is read as the same again")
    void roundTrip() {
        PriceList list = PriceFile.parse(WHOLE).getFirst();
        assertThat(list.operations()).containsOnlyKeys("searchListings");
        assertThat(list.trialDays()).isEqualTo(14);
        assertThat(PriceFormat.readList(PriceFormat.write(list), "")).isEqualTo(list);
    }

    @ParameterizedTest(name = "{0} → {2}")
    @DisplayName("is refused with the field named")
    @CsvSource(
            delimiter = '|',
            value = {
                "{upTo: 1000, per1000: \"0.40\"} | {per1000: \"0.40\"} | prices[0].units.graduated[0].upTo",
                "- {per1000: \"0.20\"} | - {upTo: 900, per1000: \"0.20\"} | prices[0].units.graduated[1].upTo",
                "- {per1000: \"0.20\"} | - {upTo: 2000, per1000: \"0.20\"} | prices[0].units.graduated[1].upTo",
                "per1000: \"0.20\" | per1000: \"0.2000001\" | prices[0].units.graduated[1].per1000",
                "per1000: \"0.20\" | per1000: \"-1\" | prices[0].units.graduated[1].per1000",
                "baseFee: \"99.00\" | baseFee: \"99.9999\" | prices[0].baseFee",
                "baseFee: \"99.00\" | baseFee: \"-1.00\" | prices[0].baseFee",
                "baseFee: \"99.00\" | baseFee: \"much\" | prices[0].baseFee",
                "minimum: \"120.00\" | minimum: \"120.001\" | prices[0].minimum",
                "discountPercent: \"5\" | discountPercent: \"101\" | prices[0].discountPercent",
                "discountPercent: \"5\" | discountPercent: \"5.123\" | prices[0].discountPercent",
                "trialDays: 14 | trialDays: 9999 | prices[0].trialDays",
                "includedUnits: 500000 | includedUnits: -1 | prices[0].includedUnits",
                "currency: USD | currency: DOLLARS | prices[0].currency",
                "currency: USD | currency: XAU | prices[0].currency",
                "version: 2 | version: 0 | prices[0].version",
                "from: 2027-01-01T00:00:00Z | from: 2027-01-01T00:30:00Z | prices[0].from",
                "from: 2027-01-01T00:00:00Z | from: tomorrow | prices[0].from",
                "searchListings: {flat: \"1.20\"} | searchListings: {cheap: \"1.20\"} | prices[0].operations.searchListings.cheap",
                "plan: growth | plan: Growth! | prices[0].plan",
                "trialDays: 14 | trialDay: 14 | prices[0].trialDay"
            })
    void refused(String good, String bad, String field) {
        assertThat(WHOLE).contains(good);
        assertThatThrownBy(() -> PriceFile.parse(WHOLE.replace(good, bad)))
                .isInstanceOfSatisfying(
                        PriceFault.class,
                        fault -> assertThat(fault.errors())
                                .extracting(FieldError::field)
                                .contains(field));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("of a tenant's own is refused with the field named")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"currency\":\"USD\",\"from\":\"2027-02-01T00:00:00Z\",\"until\":\"2027-01-01T00:00:00Z\",\"baseFee\":\"1.00\"} | until",
                "{\"currency\":\"USD\",\"from\":\"2027-02-01T00:00:00Z\"} | override",
                "{\"currency\":\"USD\",\"from\":\"2027-02-01T00:00:00Z\",\"baseFee\":\"1.0001\"} | baseFee",
                "{\"currency\":\"JPY\",\"from\":\"2027-02-01T00:00:00Z\",\"baseFee\":\"1.5\"} | baseFee",
                "{\"from\":\"2027-02-01T00:00:00Z\",\"baseFee\":\"1.00\"} | currency",
                "{\"currency\":\"USD\",\"baseFee\":\"1.00\"} | from",
                "{\"currency\":\"USD\",\"from\":\"2027-02-01T00:00:00Z\",\"discountPercent\":\"200\"} | discountPercent"
            })
    void ownRefused(String json, String field) {
        assertThatThrownBy(() -> PriceFormat.readOverride(Json.tree(json), "pov_1", TENANT))
                .isInstanceOfSatisfying(
                        PriceFault.class,
                        fault -> assertThat(fault.errors())
                                .extracting(FieldError::field)
                                .contains(field));
    }

    @Test
    @DisplayName("makes terms: a change of plan, a new version, a tenant's own prices and a trial each begin one")
    void terms() {
        BillingPeriod january = BillingPeriod.of(YearMonth.of(2027, 1));
        PriceList first = new PriceList(
                "growth",
                1,
                dev.gatehouse.kernel.money.Money.of("99.00", "USD"),
                0,
                new UnitPrice.Flat(java.math.BigDecimal.ONE));
        PriceList second =
                PriceFile.parse(WHOLE.replace("2027-01-01", "2027-01-10")).getFirst();
        PriceOverride own = PriceFormat.readOverride(
                Json.tree("{\"currency\":\"USD\",\"from\":\"2027-01-20T00:00:00Z\",\"until\":\"2027-01-25T00:00:00Z\","
                        + "\"discountPercent\":\"50\"}"),
                "pov_1",
                TENANT);
        Agreement agreement = Agreement.byCatalogue(
                List.of(new Agreement.OnPlan(Instant.parse("2027-01-05T10:20:30.5Z"), "growth")),
                Currency.getInstance("USD"),
                List.of(second, first),
                List.of(own));
        List<Term> terms = agreement.terms(january);
        assertThat(terms)
                .extracting(term -> term.from().toString() + " " + term.prices().version() + " "
                        + term.prices().discountPercent())
                .containsExactly(
                        "2027-01-05T10:20:30Z 1 0",
                        "2027-01-10T00:00:00Z 2 5",
                        "2027-01-20T00:00:00Z 2 50",
                        "2027-01-25T00:00:00Z 2 5");
        assertThat(terms.getLast().to()).isEqualTo(january.to());
        assertThat(agreement.terms(BillingPeriod.of(YearMonth.of(2026, 12)))).isEmpty();
        Agreement trial = Agreement.byCatalogue(
                List.of(new Agreement.OnPlan(Instant.parse("2027-01-15T10:20:30Z"), "growth")),
                Currency.getInstance("USD"),
                List.of(second),
                List.of());
        assertThat(trial.terms(january))
                .extracting(term -> term.phase() + " " + term.to())
                .containsExactly("TRIAL 2027-01-29T11:00:00Z", "PAID 2027-02-01T00:00:00Z");
    }
}
