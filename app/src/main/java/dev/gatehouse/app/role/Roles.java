package dev.gatehouse.app.role;

import java.util.Map;

/** How each role is put together out of its module and what the process shares. */
public final class Roles {
    /** Makes a role; returns once it does its work. */
    @FunctionalInterface
    public interface Start {
        RunningRole start(Platform platform) throws Exception;
    }

    private static final Map<Role, Start> STARTS = Map.of();

    private Roles() {}

    public static Map<Role, Start> all() {
        return STARTS;
    }
}
