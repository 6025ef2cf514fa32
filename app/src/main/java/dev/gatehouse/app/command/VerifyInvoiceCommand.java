package dev.gatehouse.app.command;

import dev.gatehouse.billing.verify.InvoiceVerifier;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify-invoice",
        description = {
            "Check an invoice offline, by the bundle that GET /v2/account/invoices/{id}/evidence gives.",
            "Computes every amount from counts and prices, by a program of its own. Exit code 5: it does not hold."
        })
final class VerifyInvoiceCommand implements Callable<Integer> {
    @Parameters(paramLabel = "BUNDLE", description = "The file.")
    @SuppressWarnings("NullAway.Init")
    Path bundle;

    @Mixin
    final Output output = new Output();

    @Override
    public Integer call() {
        InvoiceVerifier.Verdict verdict;
        try {
            verdict = InvoiceVerifier.verify(Files.readAllBytes(bundle));
        } catch (IOException e) {
            throw new CommandFailure(Exit.NOT_FOUND, "The file " + bundle + " cannot be read.");
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(Exit.USAGE, String.valueOf(e.getMessage()));
        }
        output.show(Json.MAPPER.valueToTree(verdict), () -> {
            verdict.checks().forEach(check -> output.line("  ok     " + check));
            verdict.faults().forEach(fault -> output.line("  FAULT  " + fault));
            output.line(
                    verdict.holds()
                            ? "Invoice " + verdict.invoice() + " holds: " + verdict.computed() + ", as it states."
                            : "Invoice " + verdict.invoice() + " does NOT hold: it states " + verdict.stated() + ".");
        });
        return verdict.holds() ? Exit.DONE : Exit.REFUSED;
    }
}
