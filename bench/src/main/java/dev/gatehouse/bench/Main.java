package dev.gatehouse.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.gatehouse.bench.billing.BillingBench;
import dev.gatehouse.bench.crash.CrashBench;
import dev.gatehouse.bench.drill.DrillBench;
import dev.gatehouse.bench.fuzz.FuzzBench;
import dev.gatehouse.bench.fuzz.FuzzUpstreamBench;
import dev.gatehouse.bench.gateway.GatewayBench;
import dev.gatehouse.bench.isolation.IsolationBench;
import dev.gatehouse.bench.journal.JournalBench;
import dev.gatehouse.bench.load.ImportBench;
import dev.gatehouse.bench.metering.MeteringBench;
import dev.gatehouse.bench.poison.PoisonBench;
import dev.gatehouse.bench.portal.PortalBench;
import dev.gatehouse.bench.search.SearchBench;
import dev.gatehouse.bench.services.ServicesBench;
import dev.gatehouse.bench.signals.SignalsBench;
import dev.gatehouse.bench.soak.SoakBench;
import dev.gatehouse.bench.valuation.ValuationBench;
import dev.gatehouse.bench.webhooks.WebhooksBench;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.slf4j.LoggerFactory;

/** {@code gatehouse bench NAME}: runs one of the measurements. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        // what is measured with would else log each of its steps
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        Path root = Path.of(System.getProperty("gatehouse.root", "."))
                .toAbsolutePath()
                .normalize();
        List<String> rest = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
        switch (args.length == 0 ? "" : args[0]) {
            case "signals" -> SignalsBench.run(rest);
            case "gateway" -> GatewayBench.run(root, rest);
            case "isolation" -> IsolationBench.run(root, rest);
            case "drill" -> DrillBench.run(root, rest);
            case "soak" -> SoakBench.run(root, rest);
            case "fuzz" -> FuzzBench.run(root, rest);
            case "fuzz-upstream" -> FuzzUpstreamBench.run(root, rest);
            case "services" -> ServicesBench.run(root, rest);
            case "valuation" -> ValuationBench.run(root, rest);
            case "webhooks" -> WebhooksBench.run(root, rest);
            case "billing" -> BillingBench.run(root, rest);
            case "crash" -> CrashBench.run(root, rest);
            case "journal" -> JournalBench.run(root, rest);
            case "metering" -> MeteringBench.run(root, rest);
            case "search" -> SearchBench.run(root, rest);
            case "import" -> ImportBench.run(root, rest);
            case "poison" -> PoisonBench.run(root, rest);
            case "portal" -> PortalBench.run(root, rest);
            default -> {
                System.err.println("""
                        gatehouse bench signals   from the commit of a change to its signal, at 500 changes a second
                        gatehouse bench gateway   the gateway beside nginx, Fastify and Spring Cloud Gateway
                        gatehouse bench isolation a quiet tenant beside each kind of hostile one
                        gatehouse bench soak      mixed traffic with drills in turn, for half an hour
                        gatehouse bench fuzz      a million mutated requests
                        gatehouse bench fuzz-upstream   a million mutated answers of a hostile service
                        gatehouse bench poison    records that nobody can use, on every feed
                        gatehouse drill NAME      what callers see of something that fails
                        gatehouse bench services  each GET of every service through the gateway, beside the statement alone
                        gatehouse bench valuation how far values fall from later sales, beside the area's median
                        gatehouse bench webhooks  deliveries a second, how soon, and how fair between tenants
                        gatehouse bench webhooks crash   nothing is lost while every part is killed again and again
                        gatehouse bench search    each filter of the listings search at a million homes
                        gatehouse bench import    ten million rows in constant memory
                        gatehouse bench billing   a month of 30 million calls, rated and closed
                        gatehouse bench journal   an event written down by the gateway's journal and by plain files
                        gatehouse bench metering  how fast the ledger is written and read, and what metering costs a gateway
                        gatehouse bench portal    time to a first call, pages' times and weights, browsing beside calls
                        gatehouse bench crash     kill every part at every point and match each answer with the ledger""");
                System.exit(2);
            }
        }
    }
}
