package io.kad.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.kad.architecture.example.Impure;
import io.kad.architecture.example.Pure;
import org.junit.jupiter.api.Test;

/** The state machines of kad-core depend on nothing that differs from run to run. */
class SansIoTest {
    private static final ArchRule STATE_MACHINES = SansIoRule.in(
            "io.kad.core.routing..",
            "io.kad.core.record..",
            "io.kad.core.message..",
            "io.kad.core.lookup..",
            "io.kad.core.query..",
            "io.kad.core.job..",
            "io.kad.core.server..",
            "io.kad.core.engine..");

    private static final ArchRule EXAMPLES = SansIoRule.in("io.kad.architecture.example..");

    @Test
    void stateMachinesTouchNoClockNoThreadAndNoUnseededRandomness() {
        STATE_MACHINES.check(new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.kad.core"));
    }

    @Test
    void theRuleAcceptsSeededRandomnessAndTimeThatIsHandedIn() {
        EXAMPLES.check(new ClassFileImporter().importClasses(Pure.class));
    }

    @Test
    void theRuleFindsEveryKindOfImpurity() {
        String report = EXAMPLES.evaluate(new ClassFileImporter().importClasses(Impure.class))
                .getFailureReport()
                .toString();

        assertThat(report)
                .contains("Impure.nanos(")
                .contains("Impure.now(")
                .contains("Impure.methodReference(")
                .contains("Impure.unseeded(")
                .contains("Impure.shuffled(")
                .contains("Impure.draw(")
                .contains("Impure.thread(")
                .contains("Impure.future(")
                .contains("Impure.clock(");
    }
}
