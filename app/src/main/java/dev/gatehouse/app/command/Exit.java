package dev.gatehouse.app.command;

/** What the program's exit codes say to scripts. */
final class Exit {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int NOT_RUNNING = 3;
    static final int NOT_FOUND = 4;
    static final int REFUSED = 5;

    private Exit() {}
}
