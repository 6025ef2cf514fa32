package dev.gatehouse.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The directory, in the same JVM,")
final class DirectoryTest {
    private static final Actor ACTOR = new Actor("member:test", null, null);
    private static RunningDirectory running;
    private static Directory directory;

    @BeforeAll
    static void start() throws Exception {
        running = RunningDirectory.start();
        directory = running.directory();
    }

    @AfterAll
    static void stop() throws Exception {
        running.close();
    }

    private static Tenant tenant(String name) {
        return directory.createTenant(NewTenant.of(name, "free"), ACTOR).orThrow();
    }

    @Test
    @DisplayName("keeps one member for a mail address, whatever its case")
    void oneMail() {
        Tenant tenant = tenant("Mail");
        Member ada = directory
                .addMember(
                        tenant.id(), new NewMember(" Ada@Example.com ", "Ada", MemberRole.OWNER, "hash", null), ACTOR)
                .orThrow();
        assertThat(ada.mail()).isEqualTo("ada@example.com");
        assertThat(directory.memberByMail("ADA@example.com")).contains(ada);
        assertThat(directory.addMember(
                        tenant("Other").id(),
                        new NewMember("ada@example.COM", "Eve", MemberRole.OWNER, null, null),
                        ACTOR))
                .isInstanceOf(Outcome.Refused.class);
        for (String mail : List.of("", "ada", "a@b@c", "a b@c.d", "a@c.d\r\nBcc: x@y.z", "x".repeat(300) + "@a.b")) {
            assertThat(directory.addMember(
                            tenant.id(), new NewMember(mail, "Ada", MemberRole.OWNER, null, null), ACTOR))
                    .as(mail)
                    .isInstanceOf(Outcome.Refused.class);
        }
    }

    @Test
    @DisplayName("never leaves a tenant without an owner")
    void lastOwner() {
        Tenant tenant = tenant("Owners");
        Member first = directory
                .addMember(tenant.id(), new NewMember("o1@example.com", "One", MemberRole.OWNER, null, null), ACTOR)
                .orThrow();
        assertThat(directory.removeMember(tenant.id(), first.id(), ACTOR)).isInstanceOf(Outcome.Refused.class);
        assertThat(directory.setRole(tenant.id(), first.id(), MemberRole.BILLING, ACTOR))
                .isInstanceOf(Outcome.Refused.class);
        directory
                .addMember(tenant.id(), new NewMember("o2@example.com", "Two", MemberRole.OWNER, null, null), ACTOR)
                .orThrow();
        directory.removeMember(tenant.id(), first.id(), ACTOR).orThrow();
        assertThat(directory.members(tenant.id())).extracting(Member::mail).containsExactly("o2@example.com");
    }

    @Test
    @DisplayName("changes members only through their own tenant, and keeps no password hash in the audit log")
    void membersStayApart() {
        Tenant mine = tenant("Mine");
        Tenant other = tenant("Others");
        Member member = directory
                .addMember(mine.id(), new NewMember("m@example.com", "M", MemberRole.OWNER, null, null), ACTOR)
                .orThrow();
        assertThat(directory.setPassword(other.id(), member.id(), "stolen", ACTOR))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(directory.member(other.id(), member.id())).isEmpty();
        directory.setPassword(mine.id(), member.id(), "argon2-hash-text", ACTOR).orThrow();
        directory
                .verifyMail(mine.id(), member.id(), running.clock.instant(), ACTOR)
                .orThrow();
        Member now = directory.member(mine.id(), member.id()).orElseThrow();
        assertThat(now.passwordHash()).isEqualTo("argon2-hash-text");
        assertThat(now.verifiedAt()).isEqualTo(running.clock.instant());
        List<AuditRecord> audit = directory.audit(mine.id(), null, 100);
        assertThat(audit)
                .extracting(AuditRecord::operation)
                .containsExactly("verifyMemberMail", "setMemberPassword", "addMember", "createTenant");
        assertThat(audit.toString()).doesNotContain("argon2-hash-text");
        assertThat(directory.audit(other.id(), null, 100)).hasSize(1);
    }

    @Test
    @DisplayName("tells gateways when a spend cap is reached and when it is lifted")
    void spendCap() {
        Tenant tenant = tenant("Capped");
        long before = running.changesAfter(0).version();
        directory.reachSpendCap(tenant.id(), Actor.process("billing")).orThrow();
        assertThat(running.changesAfter(before).tenants())
                .singleElement()
                .satisfies(entry -> assertThat(entry.spendCapped()).isTrue());
        directory.liftSpendCap(tenant.id(), Actor.process("billing")).orThrow();
        assertThat(running.changesAfter(before).tenants())
                .singleElement()
                .satisfies(entry -> assertThat(entry.spendCapped()).isFalse());
    }

    @Test
    @DisplayName("refuses names that cannot be stored or shown")
    void oddNames() {
        for (String name : List.of("", "  ", "a\u0000b", "x".repeat(121), "\ud800")) {
            assertThat(directory.createTenant(NewTenant.of(name, "free"), ACTOR))
                    .as("name of %d characters", name.length())
                    .isInstanceOf(Outcome.Refused.class);
        }
        assertThat(directory
                        .createTenant(NewTenant.of("東京不動産", "free"), ACTOR)
                        .orThrow()
                        .slug())
                .startsWith("tenant");
    }
}
