package dev.gatehouse.directory.member;

import dev.gatehouse.directory.Member;
import dev.gatehouse.directory.MemberRole;
import dev.gatehouse.directory.NewMember;
import dev.gatehouse.directory.change.Names;
import dev.gatehouse.directory.change.Refusals;
import dev.gatehouse.directory.change.Writing;
import dev.gatehouse.directory.view.MemberView;
import dev.gatehouse.kernel.id.MemberId;
import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;
import java.util.Locale;

/** Changes of members. What is refused is thrown as a problem. */
public final class MemberChanges {
    private static final int LONGEST_MAIL = 254;
    private static final int LONGEST_NAME = 120;

    private final Writing writing;

    public MemberChanges(Writing writing) {
        this.writing = writing;
    }

    /** The form in which mail addresses are kept and looked for. */
    public static String normal(String mail) {
        return mail.strip().toLowerCase(Locale.ROOT);
    }

    /** Needs to see every tenant, as a mail address is one member's only. */
    public Member add(TenantId tenant, NewMember wanted) {
        String mail = normal(wanted.mail());
        if (mail.length() > LONGEST_MAIL || !mail.matches("[^\\s@\\p{Cntrl},;<>\"]{1,64}@[^\\s@\\p{Cntrl},;<>\"]+")) {
            throw Refusals.refused("mail", "must be a mail address, as in ada@example.com");
        }
        String name = Names.require("name", wanted.name(), LONGEST_NAME);
        if (writing.session().members().findByMail(mail).isPresent()) {
            throw Refusals.conflict("mail", "is a member's already");
        }
        Member member = new Member(
                MemberId.next(writing::now),
                tenant,
                mail,
                name,
                wanted.role(),
                wanted.passwordHash(),
                wanted.verifiedAt(),
                writing.now());
        writing.session().members().insert(member);
        writing.note("addMember", member.id().value(), tenant, null, MemberView.of(member));
        return member;
    }

    public Member setRole(Member member, MemberRole role) {
        if (member.role() == role) {
            return member;
        }
        requireAnotherOwner(member);
        return change(
                "setMemberRole",
                member,
                new Member(
                        member.id(),
                        member.tenant(),
                        member.mail(),
                        member.name(),
                        role,
                        member.passwordHash(),
                        member.verifiedAt(),
                        member.createdAt()));
    }

    public Member setPassword(Member member, String passwordHash) {
        return change(
                "setMemberPassword",
                member,
                new Member(
                        member.id(),
                        member.tenant(),
                        member.mail(),
                        member.name(),
                        member.role(),
                        passwordHash,
                        member.verifiedAt(),
                        member.createdAt()));
    }

    public Member verifyMail(Member member, Instant at) {
        if (member.verifiedAt() != null) {
            return member;
        }
        return change(
                "verifyMemberMail",
                member,
                new Member(
                        member.id(),
                        member.tenant(),
                        member.mail(),
                        member.name(),
                        member.role(),
                        member.passwordHash(),
                        at,
                        member.createdAt()));
    }

    public Member remove(Member member) {
        requireAnotherOwner(member);
        writing.session().members().delete(member.tenant(), member.id());
        writing.note("removeMember", member.id().value(), member.tenant(), MemberView.of(member), null);
        return member;
    }

    private void requireAnotherOwner(Member member) {
        boolean last = member.role() == MemberRole.OWNER
                && writing.session().members().of(member.tenant()).stream()
                        .noneMatch(other ->
                                other.role() == MemberRole.OWNER && !other.id().equals(member.id()));
        if (last) {
            throw Refusals.refused("member", "is the last owner: make somebody else an owner first");
        }
    }

    private Member change(String operation, Member before, Member after) {
        writing.session().members().update(after);
        writing.note(operation, after.id().value(), after.tenant(), MemberView.of(before), MemberView.of(after));
        return after;
    }
}
