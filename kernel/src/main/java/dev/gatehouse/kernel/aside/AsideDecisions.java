package dev.gatehouse.kernel.aside;

import java.util.List;

/** The directory's answer to an {@link AsideReport}: what the process is to do. Each decision is told a process once. */
public record AsideDecisions(List<AsideDecision> decisions) {
    public AsideDecisions {
        decisions = List.copyOf(decisions);
    }
}
