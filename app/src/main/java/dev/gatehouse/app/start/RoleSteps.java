package dev.gatehouse.app.start;

import dev.gatehouse.app.installation.StartRefused;
import dev.gatehouse.app.mail.Mailbox;
import dev.gatehouse.app.mail.MailboxKey;
import dev.gatehouse.app.role.AsideReporter;
import dev.gatehouse.app.role.BillingRole;
import dev.gatehouse.app.role.DirectoryRole;
import dev.gatehouse.app.role.EnrichmentRole;
import dev.gatehouse.app.role.EventsRole;
import dev.gatehouse.app.role.GatewayRole;
import dev.gatehouse.app.role.HistoryRole;
import dev.gatehouse.app.role.ListingsImports;
import dev.gatehouse.app.role.ListingsRole;
import dev.gatehouse.app.role.MeteringRole;
import dev.gatehouse.app.role.OwnNames;
import dev.gatehouse.app.role.Platform;
import dev.gatehouse.app.role.PortalRole;
import dev.gatehouse.app.role.Role;
import dev.gatehouse.app.role.RunningRole;
import dev.gatehouse.app.role.SignalsRole;
import dev.gatehouse.app.role.WebhooksRole;
import dev.gatehouse.billing.BillingModule;
import dev.gatehouse.directory.AdminPart;
import dev.gatehouse.directory.DirectoryModule;
import dev.gatehouse.events.EventsModule;
import dev.gatehouse.listings.ListingsImport;
import dev.gatehouse.listings.ListingsModule;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.portal.MailPost;
import dev.gatehouse.portal.PortalModule;
import dev.gatehouse.portal.mail.SmtpPost;
import dev.gatehouse.runtime.api.AddedOperations;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.HttpFeed;
import dev.gatehouse.runtime.feed.HttpSnapshotSource;
import dev.gatehouse.runtime.feed.SnapshotSource;
import dev.gatehouse.runtime.http.Endpoint;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.signals.SeriesImport;
import dev.gatehouse.webhooks.WebhooksModule;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts each role of this process together out of its module, what the process shares, and the roles that it needs. */
final class RoleSteps {
    private static final int MAX_BODY = 1 << 20;
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration FEED_PATIENCE = Duration.ofSeconds(5);

    private final Platform platform;
    private final Steps steps;
    private final Set<Role> wanted;
    private final Administration administration;
    private final AtomicReference<@Nullable PortalModule> portal = new AtomicReference<>();
    private final Map<Role, Steps.Step<RunningRole>> begun = new EnumMap<>(Role.class);
    private final Steps.Step<ListingsImports> imports;
    private Steps.@Nullable Step<DirectoryModule> directory;
    private Steps.@Nullable Step<MeteringModule> metering;
    private Steps.@Nullable Step<BillingModule> billing;
    private Steps.@Nullable Step<Mailbox> mailbox;

    /**
     * @param ownerToken with which the installation's owner administers it
     * @param read what the process itself adds to the admin API, by path
     * @param people are told of what takes long while it starts
     */
    record Administration(String ownerToken, Map<String, Endpoint> read, Consumer<String> people) {}

    RoleSteps(Platform platform, Steps steps, Set<Role> wanted, Administration administration) {
        this.platform = platform;
        this.steps = steps;
        this.wanted = wanted;
        this.administration = administration;
        this.imports = steps.start("imports", () -> new ListingsImports(platform));
    }

    /** Begins every role that is wanted, and returns at once. */
    Map<Role, Steps.Step<RunningRole>> begin() {
        mail();
        openData();
        directory();
        events();
        metering();
        billing();
        begin(Role.LISTINGS, () -> ListingsRole.start(platform, directoryUri(), feed(), administration.people()));
        begin(Role.HISTORY, () -> HistoryRole.start(platform, directoryUri(), feed()));
        begin(Role.SIGNALS, () -> SignalsRole.start(platform, directoryUri(), feed(), listingsSnapshots()));
        begin(Role.WEBHOOKS, () -> WebhooksRole.start(platform, directoryUri(), feed(), post(), signals()));
        begin(Role.ENRICHMENT, () -> EnrichmentRole.start(platform, directoryUri(), feed(), listingsSnapshots()));
        portal();
        if (wanted.contains(Role.GATEWAY)) {
            platform.ports().requireFree(platform.ports().gateway(), "gateway");
        }
        begin(Role.GATEWAY, () -> GatewayRole.start(platform, directoryUri()));
        var unused = steps.start("set aside", () -> AsideReporter.start(platform, this::directoryUri));
        return begun;
    }

    /** The directory's data in this process, where a role needs it. */
    Optional<DirectoryModule> directoryModule() {
        return directory == null ? Optional.empty() : Optional.of(directory.get());
    }

    private void begin(Role role, Callable<RunningRole> start) {
        if (wanted.contains(role)) {
            begun.put(role, steps.start(role.text(), start));
        }
    }

    /** The data of the modules that others of this process use. */
    private void openData() {
        if (wanted.contains(Role.DIRECTORY)) {
            platform.ports().requirePrivateFree(platform.ports().admin(), "administration");
            directory = steps.start("directory data", () -> DirectoryRole.open(platform, administration.ownerToken()));
        }
        if (wanted.contains(Role.METERING)) {
            metering = steps.start("ledger", () -> MeteringRole.open(platform));
        }
        Steps.Step<DirectoryModule> tenants = directory;
        Steps.Step<MeteringModule> ledger = metering;
        if (tenants != null && ledger != null && (wanted.contains(Role.BILLING) || wanted.contains(Role.PORTAL))) {
            billing =
                    steps.start("bills", () -> BillingRole.open(platform, tenants.get(), ledger.get(), this::sendMail));
        }
    }

    private List<AdminPart> parts(@Nullable Supplier<BillingModule> bills) {
        List<AdminPart> parts = new ArrayList<>();
        added().forEach(operations -> parts.add(AddedParts.of(operations)));
        if (bills != null) {
            parts.add(bills.get().administration());
        }
        if (wanted.contains(Role.PORTAL)) {
            parts.add(PortalModule.administration(() -> Optional.ofNullable(portal.get())));
        }
        return parts;
    }

    /** What this process adds to the admin API besides what knows the directory. */
    List<AddedOperations> added() {
        List<AddedOperations> added = new ArrayList<>();
        added.add(ListingsImport.administration(() -> imports.get().get()));
        added.add(SeriesImport.administration(() -> platform.database().get()));
        added.add(WebhooksModule.administration(() -> platform.database().get(), platform.clock()));
        Steps.Step<MeteringModule> ledger = metering;
        if (ledger != null) {
            added.add(MeteringModule.administration(
                    () -> ledger.get().operations(platform.redis().get()), platform.clock()));
        }
        return added;
    }

    private void directory() {
        Steps.Step<DirectoryModule> opened = directory;
        Steps.Step<BillingModule> bills = billing;
        if (opened != null) {
            begin(
                    Role.DIRECTORY,
                    () -> DirectoryRole.start(platform, opened.get(), administration.read(), parts(bills)));
        }
    }

    private void events() {
        if (!wanted.contains(Role.EVENTS)) {
            return;
        }
        Steps.Step<EventsModule> feed = steps.start("feed", () -> EventsRole.open(platform));
        begin(Role.EVENTS, () -> EventsRole.start(platform, feed.get(), directoryUri()));
    }

    private void metering() {
        Steps.Step<MeteringModule> opened = metering;
        if (opened != null) {
            begin(Role.METERING, () -> MeteringRole.start(platform, opened.get(), directoryUri()));
        }
    }

    private void billing() {
        Steps.Step<BillingModule> opened = billing;
        if (opened == null && wanted.contains(Role.BILLING)) {
            throw new StartRefused("The role billing needs the roles directory and metering in its process. Add them.");
        }
        if (opened != null) {
            begin(Role.BILLING, () -> BillingRole.start(platform, opened.get(), directoryUri()));
        }
    }

    private void sendMail(String to, String subject, String text) {
        new SmtpPost(smtp(), sender()).send(to, subject, text);
    }

    private void portal() {
        if (!wanted.contains(Role.PORTAL)) {
            return;
        }
        Steps.Step<DirectoryModule> tenants = directory;
        Steps.Step<MeteringModule> ledger = metering;
        Steps.Step<BillingModule> bills = billing;
        if (tenants == null || ledger == null || bills == null) {
            throw new StartRefused("The role portal needs the roles directory and metering in its process. Add them.");
        }
        platform.ports().requireFree(platform.ports().portal(), "portal");
        begin(
                Role.PORTAL,
                () -> PortalRole.start(
                        platform,
                        tenants.get().directory(),
                        ledger.get().reader(),
                        bills.get(),
                        new SmtpPost(smtp(), sender()),
                        Optional.ofNullable(mailbox).map(here -> here.get().uri()),
                        portal::set));
    }

    private void mail() {
        if (platform.settings().text("gatehouse.mail.smtp.url").isPresent() || !wanted.contains(Role.MAIL)) {
            return;
        }
        platform.ports().requirePrivateFree(platform.ports().mailbox(), "mailbox");
        Steps.Step<Mailbox> opened =
                steps.start("mailbox", () -> Mailbox.start(platform.vertx(), mailboxPage(), platform.clock()));
        mailbox = opened;
        begin(Role.MAIL, () -> new RunningRole(Role.MAIL, opened.get().uri().toString(), () -> true, opened.get()));
    }

    /** Empty when neither this process nor another serves signals. */
    private Optional<Supplier<URI>> signals() {
        Steps.Step<RunningRole> here = begun.get(Role.SIGNALS);
        return here != null
                ? Optional.of(() -> URI.create(String.valueOf(here.get().url())))
                : platform.settings().text("gatehouse.signals.url").map(text -> () -> URI.create(text));
    }

    /** Empty when neither a mailbox of this process nor a mail server is named. */
    private Optional<MailPost> post() {
        return mailbox != null
                        || platform.settings().text("gatehouse.mail.smtp.url").isPresent()
                ? Optional.of(new SmtpPost(smtp(), sender()))
                : Optional.empty();
    }

    private URI smtp() {
        Steps.Step<Mailbox> here = mailbox;
        return here != null
                ? here.get().smtpUri()
                : platform.settings()
                        .text("gatehouse.mail.smtp.url")
                        .map(URI::create)
                        .orElseThrow(() -> new StartRefused("The portal has no way to send mail. Name a server with"
                                + " gatehouse.mail.smtp.url, or add the role mail."));
    }

    private String sender() {
        return platform.settings().text("gatehouse.mail.from", "no-reply@gatehouse.example");
    }

    /** The feed of domain events, of this process or of the one that the settings name. */
    private Feed feed() {
        return new HttpFeed(
                this::feedUri,
                platform.secrets(),
                new HttpCaller(platform.vertx(), FEED_PATIENCE),
                platform.asides()::add);
    }

    /** What services that consume the listings' events are filled from when they are new. */
    SnapshotSource listingsSnapshots() {
        return new HttpSnapshotSource(
                this::listingsUri,
                ListingsModule.SNAPSHOT_PATH,
                platform.secrets(),
                new HttpCaller(platform.vertx(), FEED_PATIENCE));
    }

    private URI listingsUri() {
        Steps.Step<RunningRole> here = begun.get(Role.LISTINGS);
        if (here != null) {
            return URI.create(String.valueOf(here.get().url()));
        }
        return platform.settings()
                .text("gatehouse.listings.url")
                .map(URI::create)
                .orElseThrow(() -> new StartRefused("This process has no listings. Add the role listings, or name the"
                        + " listings' internal address with gatehouse.listings.url."));
    }

    private URI feedUri() {
        Steps.Step<RunningRole> here = begun.get(Role.EVENTS);
        if (here != null) {
            return URI.create(String.valueOf(here.get().url()));
        }
        return platform.settings()
                .text("gatehouse.events.url")
                .map(URI::create)
                .orElseThrow(() -> new StartRefused("This process has no feed of events. Add the role events, or name"
                        + " the feed's internal address with gatehouse.events.url."));
    }

    /** The internal address of the directory: that of this process, or the one that the settings name. */
    private URI directoryUri() {
        Steps.Step<RunningRole> here = begun.get(Role.DIRECTORY);
        if (here != null) {
            return URI.create(String.valueOf(here.get().url()));
        }
        return platform.settings()
                .text("gatehouse.directory.url")
                .map(URI::create)
                .orElseThrow(() -> new StartRefused("This process has no directory. Add the role directory, or name the"
                        + " directory's internal address with gatehouse.directory.url."));
    }

    /** Anybody on this machine may look into the mailbox; from elsewhere, it takes the owner's token. */
    private WebServer.Options mailboxPage() {
        WebServer.Options page = new WebServer.Options(
                        "mail", platform.ports().privateHost(), platform.ports().mailbox(), MAX_BODY, DRAIN)
                .answeringTo(OwnNames.ofPrivate(platform));
        return platform.ports().isPrivateExposed() ? page.behind(new MailboxKey(administration.ownerToken())) : page;
    }
}
