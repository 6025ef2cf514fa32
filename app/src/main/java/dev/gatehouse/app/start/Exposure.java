package dev.gatehouse.app.start;

import dev.gatehouse.app.role.Ports;
import dev.gatehouse.app.role.Role;
import dev.gatehouse.runtime.http.BoundAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Says in words when what is private can be reached from other machines. */
final class Exposure {
    private Exposure() {}

    static List<String> warnings(Ports ports, Set<Role> roles) {
        List<String> warnings = new ArrayList<>();
        if (ports.isPrivateExposed()) {
            String where = BoundAddress.isEverywhere(ports.privateHost())
                    ? "every network of this machine"
                    : ports.privateHost();
            boolean hasMailbox = roles.contains(Role.MAIL);
            warnings.add("The administration" + (hasMailbox ? " and the mailbox" : "") + " can be reached from " + where
                    + ", without encryption. Anyone there who has the admin token controls this installation"
                    + (hasMailbox ? " and reads every mail, sign-in links included" : "")
                    + ". Unless that is what you want, remove gatehouse.private-host.");
        }
        return warnings;
    }
}
