package dev.gatehouse.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The command line's exit codes")
class CommandLineTest {
    @TempDir
    Path temp;

    @Test
    @DisplayName("are 2 for what it does not understand")
    void usage() {
        assertThat(Gatehouse.run("stauts")).isEqualTo(2);
        assertThat(Gatehouse.run("status", "--no-such-option")).isEqualTo(2);
        assertThat(Gatehouse.run("status", "--url", "http://127.0.0.1:1")).isEqualTo(2);
    }

    @Test
    @DisplayName("are 3 when nothing runs there")
    void notRunning() {
        assertThat(Gatehouse.run("status", "--data", temp.toString())).isEqualTo(3);
        assertThat(Gatehouse.run("status", "--url", "http://127.0.0.1:1", "--token", "x"))
                .isEqualTo(3);
    }

    @Test
    @DisplayName("are 4 for a file that is not there, which is said in a sentence")
    void noFile() {
        Path none = temp.resolve("none.yaml");
        assertThat(Gatehouse.run(
                        "billing", "what-if", "--prices", none.toString(), "--from", "2026-01", "--to", "2026-01"))
                .isEqualTo(4);
        assertThatThrownBy(() -> InputFile.text("prices", none))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("There is no file " + none + " to read prices from.");
    }

    @Test
    @DisplayName("are 0 for help")
    void help() {
        assertThat(Gatehouse.run("help")).isZero();
        assertThat(Gatehouse.run("status", "--help")).isZero();
    }
}
