package dev.gatehouse.portal.page;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.metering.UsageQuery;
import dev.gatehouse.metering.UsageQuery.Bucket;
import dev.gatehouse.metering.UsageQuery.Dimension;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.Organisations;
import dev.gatehouse.portal.account.Accounts;
import dev.gatehouse.portal.account.Person;
import dev.gatehouse.portal.reference.Text;
import dev.gatehouse.portal.team.TeamStore;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.webhooks.Webhooks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * All that is held on a person or an organisation, as one JSON document. Secrets are not in it: passwords, keys and signing
 * secrets are kept as hashes or encrypted, and none of them can be given back.
 */
public final class Export {
    private static final int AUDIT = 10_000;
    private static final Duration USAGE = Duration.ofDays(399);

    private final Accounts accounts;
    private final TeamStore teams;
    private final Organisations organisations;
    private final UsageReader usage;
    private final Webhooks webhooks;
    private final InstantSource clock;

    /** What is gone through. */
    public record Parts(
            Accounts accounts, TeamStore teams, Organisations organisations, UsageReader usage, Webhooks webhooks) {}

    public Export(Parts parts, InstantSource clock) {
        this.accounts = parts.accounts();
        this.teams = parts.teams();
        this.organisations = parts.organisations();
        this.usage = parts.usage();
        this.webhooks = parts.webhooks();
        this.clock = clock;
    }

    String ofPerson(Person person) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("exportedAt", clock.instant());
        Map<String, Object> account = new LinkedHashMap<>();
        account.put("id", person.id().value());
        account.put("mail", person.mail());
        account.put("createdAt", person.createdAt());
        account.put("verifiedAt", person.verifiedAt());
        all.put("account", account);
        all.put("devices", accounts.sessions(person.id()));
        all.put("memberships", teams.memberships(person.id()));
        all.put("invitations", teams.invitationsTo(person.mail(), clock.instant()));
        all.put("whatYouDid", teams.actionsOf(person.mail(), AUDIT));
        return Text.json(Json.MAPPER.<JsonNode>valueToTree(all));
    }

    String ofOrganisation(Organisation organisation) {
        TenantId tenant = organisation.id();
        Instant now = clock.instant();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("exportedAt", now);
        all.put("organisation", organisation);
        all.put("members", teams.members(tenant));
        all.put("invitations", teams.invitations(tenant, now));
        all.put("keys", organisations.keys(tenant));
        all.put("webhookEndpoints", webhooks.endpoints(tenant));
        all.put("audit", teams.audit(tenant, AUDIT));
        all.put(
                "usageByDay",
                usage.sums(new UsageQuery(
                        tenant,
                        now.minus(USAGE),
                        now.plusSeconds(1),
                        Bucket.DAY,
                        Set.of(Dimension.KEY, Dimension.OPERATION, Dimension.STATUS))));
        return Text.json(Json.MAPPER.<JsonNode>valueToTree(all));
    }
}
