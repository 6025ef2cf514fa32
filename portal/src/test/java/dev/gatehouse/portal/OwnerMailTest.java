package dev.gatehouse.portal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.portal.sandbox.Browser;
import dev.gatehouse.portal.sandbox.Sandbox;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Mail to those of an organisation whose matter it is")
final class OwnerMailTest {
    @Test
    @DisplayName(
            "about money goes to owners and billing, about webhooks to owners and developers, in every organisation they are in")
    void concerned() throws Exception {
        DatabaseUrl database = DatabaseUrl.parse(EnginesForTests.newDatabase());
        try (Sandbox sandbox = new Sandbox(InstantSource.system(), database)) {
            Browser owner = sandbox.member("owner@example.com", "Mail Ltd");
            for (String role : List.of("DEVELOPER", "BILLING", "READER")) {
                String mail = role.toLowerCase(java.util.Locale.ROOT) + "@example.com";
                // each has an organisation already: one person may be in several
                Browser guest = sandbox.member(mail, role + " Ltd");
                owner.post("/team/invitations", "mail", mail, "role", role);
                guest.post(sandbox.linkTo(mail));
            }
            Organisation organisation = sandbox.organisations.all().stream()
                    .filter(found -> found.name().equals("Mail Ltd"))
                    .findFirst()
                    .orElseThrow();
            List<String> sent = new ArrayList<>();
            OwnerMail mail = new OwnerMail(() -> database, (to, subject, text) -> sent.add(to + ": " + subject));
            assertThat(mail.aboutMoney(organisation.id(), "80 %", "text")).isEqualTo(2);
            assertThat(sent).containsExactlyInAnyOrder("owner@example.com: 80 %", "billing@example.com: 80 %");
            sent.clear();
            assertThat(mail.aboutWebhooks(organisation.id(), "disabled", "text"))
                    .isEqualTo(2);
            assertThat(sent)
                    .containsExactlyInAnyOrder("owner@example.com: disabled", "developer@example.com: disabled");
        }
    }
}
