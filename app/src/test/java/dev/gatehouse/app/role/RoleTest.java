package dev.gatehouse.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The list of roles")
class RoleTest {
    @Test
    @DisplayName("means every role when it is empty")
    void empty() {
        assertThat(Role.parse("")).containsExactly(Role.values());
    }

    @Test
    @DisplayName("names roles with commas")
    void some() {
        assertThat(Role.parse("gateway, directory")).containsExactlyInAnyOrder(Role.GATEWAY, Role.DIRECTORY);
    }

    @Test
    @DisplayName("with an unknown name is refused, with the names there are")
    void unknown() {
        assertThatThrownBy(() -> Role.parse("gateway,dirctory"))
                .hasMessageContaining("dirctory")
                .hasMessageContaining("directory, gateway");
    }
}
