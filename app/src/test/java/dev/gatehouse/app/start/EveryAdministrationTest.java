package dev.gatehouse.app.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.billing.admin.BillingAdmin;
import dev.gatehouse.directory.admin.AdminApi;
import dev.gatehouse.directory.admin.ChangeContract;
import dev.gatehouse.listings.ListingsImport;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.portal.PortalModule;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.signals.SeriesImport;
import dev.gatehouse.webhooks.WebhooksModule;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Every part of the admin API")
class EveryAdministrationTest {
    static Stream<ApiDescription> descriptions() {
        return Stream.of(
                AdminApi.description(),
                BillingAdmin.description(),
                ListingsImport.administration(() -> null).description(),
                SeriesImport.administration(() -> null).description(),
                WebhooksModule.administration(() -> null, InstantSource.system())
                        .description(),
                MeteringModule.administration(() -> null, InstantSource.system())
                        .description(),
                PortalModule.administration(Optional::empty).description());
    }

    @ParameterizedTest
    @MethodSource("descriptions")
    @DisplayName("declares roles for each operation, and dryRun, reason and Idempotency-Key for each change")
    void contract(ApiDescription description) {
        assertThat(ChangeContract.faults(description)).isEmpty();
    }
}
