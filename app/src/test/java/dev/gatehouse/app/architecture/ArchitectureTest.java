package dev.gatehouse.app.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("The architecture")
class ArchitectureTest {
    private static final String FIXTURE = ArchitectureTest.class.getPackageName() + ".fixture";
    private static final Rules PROJECT = new Rules("dev.gatehouse");
    private static final Rules BROKEN = new Rules(FIXTURE);

    @TestFactory
    @DisplayName("is kept by the project")
    Stream<DynamicTest> isKept() {
        JavaClasses project = new ClassFileImporter()
                // in whatever folder the build has put them
                .withImportOption(location -> !location.contains("/test-classes/"))
                .importPackages("dev.gatehouse");
        assertThat(project.stream()
                        .map(type -> type.getPackageName().split("\\.")[2])
                        .distinct())
                .contains("kernel", "runtime", "engines", "app");
        return PROJECT.all().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(project)));
    }

    @Test
    @DisplayName("notices a module that reaches into another's rooms")
    void direction() {
        notices(BROKEN.direction("billing"), "LookingIntoTheDirectory");
    }

    @Test
    @DisplayName("lets a module use the public face of one that it may use")
    void face() {
        assertThat(failures(BROKEN.direction("billing"))).doesNotContain("UsingTheFace");
    }

    @Test
    @DisplayName("notices a kernel that touches files")
    void kernel() {
        notices(BROKEN.kernelDoesNoInputOrOutput(), "ReadingAFile");
    }

    @Test
    @DisplayName("notices a gateway that speaks SQL")
    void gateway() {
        notices(BROKEN.gatewaySpeaksNoSql(), "AskingTheDatabase");
    }

    @Test
    @DisplayName("notices a verifier of invoices that counts with what it verifies")
    void verifier() {
        notices(BROKEN.verifierCountsForItself(), "CountingTheSameWay");
    }

    @Test
    @DisplayName("notices SQL outside of a store, and takes none in a store for one")
    void sql() {
        notices(BROKEN.sqlOnlyInStores(), "QueryingInTheOpen");
        assertThat(failures(BROKEN.sqlOnlyInStores())).doesNotContain("PostgresThings");
    }

    @Test
    @DisplayName("notices a name that says nothing")
    void names() {
        notices(BROKEN.speakingNames(), "ThingManager");
    }

    @Test
    @DisplayName("notices a package that anything may go into")
    void rooms() {
        notices(BROKEN.noRooms(), "Anything");
    }

    @Test
    @DisplayName("notices a class that asks the machine for the time")
    void time() {
        notices(BROKEN.timeIsPassedIn(), "LookingAtTheWall");
    }

    private static void notices(ArchRule rule, String culprit) {
        assertThat(failures(rule)).contains(culprit);
    }

    private static String failures(ArchRule rule) {
        return String.join(
                "\n",
                rule.evaluate(new ClassFileImporter().importPackages(FIXTURE))
                        .getFailureReport()
                        .getDetails());
    }
}
