package io.kad.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** Tests of the arrows between the packages of the simulator: from scenarios to the API, and from the API to the network model. */
class SimulatorArrowsTest {

    private static final JavaClasses SIMULATOR = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.kad.sim");

    @Test
    void theNetworkModelUsesNoOtherPackageOfTheSimulator() {
        noClasses()
                .that()
                .resideInAPackage("io.kad.sim.network")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.kad.sim",
                        "io.kad.sim.adversary",
                        "io.kad.sim.chaos",
                        "io.kad.sim.junit",
                        "io.kad.sim.scenario")
                .check(SIMULATOR);
    }

    @Test
    void theApiUsesTheNetworkModelOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.kad.sim")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.kad.sim.adversary", "io.kad.sim.chaos", "io.kad.sim.junit", "io.kad.sim.scenario")
                .check(SIMULATOR);
    }

    @Test
    void packagesHaveNoCycles() {
        SlicesRuleDefinition.slices()
                .matching("io.kad.(**)")
                .should()
                .beFreeOfCycles()
                .check(SIMULATOR);
    }
}
