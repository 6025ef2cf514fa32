package dev.gatehouse.runtime.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A database's address")
class DatabaseUrlTest {
    private static final DatabaseUrl EXPECTED =
            new DatabaseUrl("jdbc:postgresql://db.example:5433/gate?sslmode=require", "ann", "s3cret");

    @Test
    @DisplayName("is read with its user and password before the host, as PostgreSQL's own programs write it")
    void userInfo() {
        assertThat(DatabaseUrl.parse("postgres://ann:s3cret@db.example:5433/gate?sslmode=require"))
                .isEqualTo(EXPECTED);
    }

    @Test
    @DisplayName("is read with its user and password among the options, as JDBC writes it")
    void options() {
        assertThat(DatabaseUrl.parse("jdbc:postgresql://db.example:5433/gate?user=ann&sslmode=require&password=s3cret"))
                .isEqualTo(EXPECTED);
    }

    @Test
    @DisplayName("never shows its password")
    void hidesPassword() {
        assertThat(EXPECTED.toString()).doesNotContain("s3cret");
        assertThat(DatabaseUrl.parse("jdbc:postgresql://h/d?user=ann&password=s3cret")
                        .toString())
                .doesNotContain("s3cret");
    }

    @Test
    @DisplayName("of another kind of database is refused with what it must look like")
    void otherKind() {
        assertThatThrownBy(() -> DatabaseUrl.parse("mysql://ann:s3cret@h/d"))
                .hasMessageContaining("postgresql://user:password@host:5432/database")
                .hasMessageNotContaining("s3cret");
    }
}
