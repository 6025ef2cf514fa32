package dev.gatehouse.portal.page;

import dev.gatehouse.portal.Organisations;
import dev.gatehouse.portal.team.Invitation;
import java.util.List;

/** An invitation with the name of the organisation that it leads to. */
public record Invited(Invitation invitation, String organisation, String plan) {
    static List<Invited> of(List<Invitation> invitations, Organisations organisations) {
        return invitations.stream()
                .flatMap(invitation -> organisations.find(invitation.tenant()).stream()
                        .map(found -> new Invited(
                                invitation, found.name(), found.plan().name())))
                .toList();
    }
}
