package dev.gatehouse.app;

import dev.gatehouse.app.command.Gatehouse;

/** Where the program begins. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Gatehouse.run(arguments));
    }
}
