package dev.gatehouse.app.command;

import dev.gatehouse.app.installation.StartRefused;
import dev.gatehouse.app.start.Logging;
import dev.gatehouse.engines.EngineException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The whole command line. */
@Command(
        name = "gatehouse",
        description = {
            "An API business in a box.",
            "Besides the commands below: bench and drill measure, and list what, test runs every test, build only builds."
        },
        scope = CommandLine.ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        subcommands = {
            UpCommand.class,
            StatusCommand.class,
            TenantCommand.class,
            KeyCommand.class,
            RouteCommand.class,
            BillingCommand.class,
            VerifyInvoiceCommand.class,
            ImportCommand.class,
            ImportSeriesCommand.class,
            MeterCommand.class,
            SetAsideCommand.class,
            ListenCommand.class,
            RehearseCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Gatehouse {
    private Gatehouse() {}

    /** Runs a command line and returns the exit code. */
    public static int run(String... arguments) {
        Logging.quiet();
        CommandLine line = new CommandLine(new Gatehouse());
        line.setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command));
        return line.execute(arguments);
    }

    private static int report(Exception failure, CommandLine command) {
        switch (failure) {
            case CommandFailure refused -> {
                command.getErr().println(refused.getMessage());
                return refused.exit();
            }
            case StartRefused refused -> {
                command.getErr().println(refused.getMessage());
                return Exit.FAILED;
            }
            case EngineException engine -> {
                command.getErr().println(engine.getMessage());
                return Exit.FAILED;
            }
            default -> {
                command.getErr().println("Gatehouse failed, which it should not: " + failure);
                failure.printStackTrace(command.getErr());
                return Exit.FAILED;
            }
        }
    }
}
