package dev.gatehouse.directory.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.NewKey;
import dev.gatehouse.directory.NewTenant;
import dev.gatehouse.directory.Outcome;
import dev.gatehouse.directory.RunningDirectory;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.engines.RowSecurity;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Row-level security")
final class RowSecurityTest {
    private static final Actor ACTOR = Actor.process("test");

    @Test
    @DisplayName("is forced on every table of the directory with a tenant_id")
    void everyTable() throws Exception {
        String database = EnginesForTests.newDatabase();
        DirectoryStore.open(DatabaseUrl.parse(database), 2).close();
        assertThat(RowSecurity.gaps(database)).isEmpty();
    }

    @Test
    @DisplayName("is missed by the check where a table lacks it")
    void theCheckFinds() throws Exception {
        String database = EnginesForTests.newDatabase();
        try (Connection connection = DriverManager.getConnection(database);
                var sql = connection.createStatement()) {
            sql.execute("CREATE TABLE open (tenant_id text)");
            sql.execute("CREATE TABLE unforced (tenant_id text)");
            sql.execute("ALTER TABLE unforced ENABLE ROW LEVEL SECURITY");
            sql.execute("CREATE TABLE lawless (tenant_id text)");
            sql.execute("ALTER TABLE lawless ENABLE ROW LEVEL SECURITY");
            sql.execute("ALTER TABLE lawless FORCE ROW LEVEL SECURITY");
            sql.execute("CREATE VIEW leaky AS SELECT tenant_id FROM lawless");
            sql.execute("CREATE TABLE nobodys (id text)");
        }
        assertThat(RowSecurity.gaps(database))
                .containsExactly(
                        "public.lawless has no policy",
                        "public.leaky is a view without security_barrier",
                        "public.open has no row-level security",
                        "public.unforced does not force row-level security on its owner");
    }

    @Test
    @DisplayName("hides a tenant's keys from another's context, and refuses changes of them")
    void hidesOthers() throws Exception {
        try (RunningDirectory running = RunningDirectory.start()) {
            Tenant one = running.directory()
                    .createTenant(NewTenant.of("One", "free"), ACTOR)
                    .orThrow();
            Tenant two = running.directory()
                    .createTenant(NewTenant.of("Two", "free"), ACTOR)
                    .orThrow();
            var key = running.directory()
                    .createKey(one.id(), NewKey.of("k", KeyMode.LIVE), ACTOR)
                    .orThrow()
                    .key();
            assertThat(running.directory().revokeKey(two.id(), key.entry().id(), ACTOR))
                    .isInstanceOf(Outcome.Refused.class);
            assertThat(running.directory().keys(one.id()).getFirst().entry().revokedAt())
                    .isNull();
            try (DirectoryStore store = DirectoryStore.open(running.database(), 2)) {
                assertThat(store.<Integer>asTenant(
                                two.id(), session -> session.keys().of(one.id()).size()))
                        .isZero();
                assertThat(store.<Integer>asTenant(
                                one.id(), session -> session.keys().of(one.id()).size()))
                        .isOne();
            }
        }
    }
}
