package dev.gatehouse.portal.team;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.AdminPart;
import dev.gatehouse.directory.AdminPart.Changed;
import dev.gatehouse.directory.AdminPart.Mode;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.Organisations;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiDescription;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The portal's part of the admin API. */
public final class PortalAdmin {
    /** What the operations work with. */
    public record Parts(Organisations organisations, Invitations invitations) {}

    private final Supplier<Optional<Parts>> parts;

    private PortalAdmin(Supplier<Optional<Parts>> parts) {
        this.parts = parts;
    }

    /** @param parts empty until the portal is up */
    public static AdminPart part(Supplier<Optional<Parts>> parts) {
        PortalAdmin admin = new PortalAdmin(parts);
        return new AdminPart(
                ApiDescription.resource(PortalAdmin.class, "portal-admin.yaml"),
                Map.of(),
                Map.of("inviteMember", admin::invite));
    }

    private Changed invite(ApiCall call, Actor actor, Mode mode) {
        Parts portal = parts.get()
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.UNAVAILABLE, "The portal is not up yet. Try again in a few seconds."));
        JsonNode body = call.json();
        String mail = MailAddress.read(body.path("mail").asText())
                .orElseThrow(() -> Problem.of(
                                ProblemCode.INVALID_BODY,
                                "Not valid: mail. See errors for each.",
                                List.of(new FieldError("mail", "is no mail address: it looks like you@company.com")))
                        .asException());
        Role role = Role.valueOf(body.path("role").asText(Role.OWNER.name()));
        TenantId tenant = new TenantId(call.text("tenant").orElseThrow());
        Organisation organisation = portal.organisations()
                .find(tenant)
                .orElseThrow(() -> new ProblemException(ProblemCode.NOT_FOUND, "There is no such tenant."));
        Invitation invitation = mode == Mode.TRIAL
                ? portal.invitations().drawn(organisation, mail, role, actor.name())
                : portal.invitations().fromOperator(organisation, mail, role);
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", invitation.id());
        shown.put("tenant", tenant.value());
        shown.put("mail", mail);
        shown.put("role", role.name());
        shown.put("expiresAt", invitation.expiresAt());
        return new Changed(201, shown, invitation.id(), tenant, null, shown);
    }
}
