package dev.gatehouse.e2e;

import dev.gatehouse.e2e.harness.Topology;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("One process: one thread through all of Gatehouse")
class WholeThreadInOneProcessTest extends WholeThread {
    WholeThreadInOneProcessTest(@TempDir Path folder) throws Exception {
        super(Topology.oneProcess(folder));
    }
}
