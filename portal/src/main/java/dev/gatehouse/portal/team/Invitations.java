package dev.gatehouse.portal.team;

import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.account.Tokens;
import dev.gatehouse.portal.mail.Letters;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Invites people into organisations by mail. */
public final class Invitations {
    static final Duration LIFE = Duration.ofDays(7);

    private final TeamStore teams;
    private final Letters letters;
    private final InstantSource clock;

    public Invitations(TeamStore teams, Letters letters, InstantSource clock) {
        this.teams = teams;
        this.letters = letters;
        this.clock = clock;
    }

    /** From a member. */
    public Invitation fromMember(Organisation organisation, String mail, Role role, String inviter) {
        String token = Tokens.next();
        Invitation invitation = store(organisation, mail, role, inviter, token);
        letters.invite(mail, organisation.name(), inviter, token);
        return invitation;
    }

    /** From whoever runs the platform; an open invitation of the same address is replaced. */
    public Invitation fromOperator(Organisation organisation, String mail, Role role) {
        teams.invitations(organisation.id(), clock.instant()).stream()
                .filter(open -> open.mail().equals(mail))
                .forEach(open -> teams.withdraw(organisation.id(), open.id()));
        String token = Tokens.next();
        Invitation invitation = store(organisation, mail, role, "the platform’s operator", token);
        letters.welcome(mail, organisation.name(), organisation.plan().name(), token);
        return invitation;
    }

    /** What would be, changing nothing. */
    Invitation drawn(Organisation organisation, String mail, Role role, String inviter) {
        return new Invitation(
                PrefixedId.next("ivt", clock),
                organisation.id(),
                mail,
                role,
                inviter,
                clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(LIFE));
    }

    private Invitation store(Organisation organisation, String mail, Role role, String inviter, String token) {
        Invitation invitation = drawn(organisation, mail, role, inviter);
        teams.invite(Tokens.hash(token), invitation);
        return invitation;
    }
}
