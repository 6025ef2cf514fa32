package dev.gatehouse.app.command;

/** A command cannot do what it was asked; the message goes to the standard error as it is. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exit;

    CommandFailure(int exit, String message) {
        super(message);
        this.exit = exit;
    }

    int exit() {
        return exit;
    }
}
