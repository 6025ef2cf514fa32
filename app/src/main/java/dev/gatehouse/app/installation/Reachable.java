package dev.gatehouse.app.installation;

/** A running installation and the token that opens its administration. */
public record Reachable(Running running, String token) {
    @Override
    public String toString() {
        return "Reachable[" + running + "]";
    }
}
