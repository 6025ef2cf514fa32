package dev.gatehouse.e2e;

import dev.gatehouse.e2e.harness.Topology;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Gateway, directory and listings apart: one thread through all of Gatehouse")
class WholeThreadInSeveralProcessesTest extends WholeThread {
    WholeThreadInSeveralProcessesTest(@TempDir Path folder) throws Exception {
        super(Topology.severalProcesses(folder));
    }
}
