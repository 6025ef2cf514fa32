package dev.gatehouse.app.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.lang.ArchRule;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The rules of ARCHITECTURE.md that a compiler does not know.
 *
 * @param root the package that the modules' packages are in; the fixtures have one of their own
 */
record Rules(String root) {

    /** What a module may use: whole modules, and of others only their public packages: the root, and what is named. */
    private record Use(Set<String> whole, Set<String> face) {}

    private static final Set<String> BASE = Set.of("kernel", "runtime");
    private static final Map<String, Use> DIRECTIONS = Map.ofEntries(
            Map.entry("kernel", new Use(Set.of(), Set.of())),
            Map.entry("sdk", new Use(Set.of(), Set.of())),
            Map.entry("runtime", new Use(Set.of("kernel"), Set.of())),
            Map.entry("engines", new Use(BASE, Set.of())),
            Map.entry("gateway", new Use(BASE, Set.of())),
            Map.entry("directory", new Use(BASE, Set.of())),
            Map.entry("metering", new Use(BASE, Set.of())),
            Map.entry("events", new Use(BASE, Set.of())),
            Map.entry("webhooks", new Use(BASE, Set.of())),
            Map.entry("listings", new Use(BASE, Set.of())),
            Map.entry("history", new Use(BASE, Set.of())),
            Map.entry("signals", new Use(BASE, Set.of())),
            Map.entry("enrichment", new Use(BASE, Set.of())),
            Map.entry("billing", new Use(BASE, Set.of("directory", "metering"))),
            Map.entry(
                    "portal",
                    new Use(
                            BASE,
                            Set.of(
                                    "directory",
                                    "gateway",
                                    "metering",
                                    "billing",
                                    "billing.price",
                                    "webhooks",
                                    "events",
                                    "listings"))));

    private static final String[] SQL = {"java.sql..", "javax.sql..", "org.jdbi..", "org.postgresql..", "org.flywaydb.."
    };

    /** Everything that the build must find kept. */
    List<ArchRule> all() {
        List<ArchRule> rules = new ArrayList<>();
        DIRECTIONS.keySet().stream().sorted().forEach(module -> rules.add(direction(module)));
        rules.add(kernelDoesNoInputOrOutput());
        rules.add(gatewaySpeaksNoSql());
        rules.add(sqlOnlyInStores());
        rules.add(speakingNames());
        rules.add(noRooms());
        rules.add(timeIsPassedIn());
        rules.add(verifierCountsForItself());
        return rules;
    }

    ArchRule direction(String module) {
        Use use = Objects.requireNonNull(DIRECTIONS.get(module), module);
        DescribedPredicate<JavaClass> ours = resideInAPackage(root + "..");
        DescribedPredicate<JavaClass> allowed = resideInAPackage(in(module));
        for (String whole : use.whole()) {
            allowed = allowed.or(resideInAPackage(in(whole)));
        }
        for (String face : use.face()) {
            allowed = allowed.or(resideInAPackage(root + "." + face));
        }
        return noClasses()
                .that()
                .resideInAPackage(in(module))
                .should()
                .dependOnClassesThat(ours.and(DescribedPredicate.not(allowed)))
                .as(module + " uses only " + use.whole() + " and the public face of " + use.face())
                .allowEmptyShould(true);
    }

    ArchRule kernelDoesNoInputOrOutput() {
        return noClasses()
                .that()
                .resideInAPackage(in("kernel"))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net.http..", "java.sql..")
                                .or(named("java.io.File", "java.net.Socket", "java.io.FileInputStream")))
                .as("kernel does no input or output")
                .allowEmptyShould(true);
    }

    ArchRule gatewaySpeaksNoSql() {
        return noClasses()
                .that()
                .resideInAPackage(in("gateway"))
                .should()
                .dependOnClassesThat(resideInAnyPackage(SQL).or(resideInAPackage(root + ".runtime.sql..")))
                .as("the gateway never speaks SQL")
                .allowEmptyShould(true);
    }

    ArchRule verifierCountsForItself() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".billing.verify..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(root + ".billing.rating..", root + ".billing.close.."))
                .as("what verifies an invoice shares no code with what rated it")
                .allowEmptyShould(true);
    }

    ArchRule sqlOnlyInStores() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .resideOutsideOfPackages("..store..", in("runtime"), in("engines"))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(SQL).and(DescribedPredicate.not(named(SQLException.class.getName()))))
                .as("SQL is spoken only in store packages")
                .allowEmptyShould(true);
    }

    ArchRule speakingNames() {
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .haveNameNotMatching(".*\\.(Default\\w*|\\w*(Impl|Manager|Helper|Helpers|Util|Utils))(\\$.*)?")
                .as("no class is called Impl, Default, Manager, Helper or Util");
    }

    ArchRule noRooms() {
        return noClasses()
                .should()
                .resideInAnyPackage(
                        root + "..common..",
                        root + "..util..",
                        root + "..utils..",
                        root + "..helper..",
                        root + "..misc..")
                .as("no package that anything may go into");
    }

    ArchRule timeIsPassedIn() {
        DescribedPredicate<JavaClass> clocks = describe(
                "a clock of the machine",
                type -> Set.of(
                                Instant.class,
                                LocalDate.class,
                                LocalDateTime.class,
                                OffsetDateTime.class,
                                ZonedDateTime.class)
                        .stream()
                        .anyMatch(type::isEquivalentTo));
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .resideOutsideOfPackages(in("app"), in("engines"), in("bench"))
                .should()
                .callMethodWhere(describe(
                        "reads the machine's time",
                        call -> (call.getName().equals("now") && clocks.test(call.getTargetOwner()))
                                || (call.getName().equals("currentTimeMillis")
                                        && call.getTargetOwner().isEquivalentTo(System.class))))
                .as("time is read from the InstantSource that was passed in")
                .allowEmptyShould(true);
    }

    private String in(String module) {
        return root + "." + module + "..";
    }

    private static DescribedPredicate<JavaClass> named(String... names) {
        Set<String> all = Set.of(names);
        return describe("are " + all, (JavaClass type) -> all.contains(((HasName) type).getName()));
    }
}
