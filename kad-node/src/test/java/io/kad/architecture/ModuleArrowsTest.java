package io.kad.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which packages a module's classes may use: its own, those of the modules below it, and the libraries it is built on. */
class ModuleArrowsTest {
    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.kad");

    private static final String[] FOR_EVERYONE = {"java..", "javax..", "org.jspecify.."};

    static Stream<Module> modules() {
        return Stream.of(
                new Module("io.kad.api.."),
                new Module("io.kad.wire..", "io.kad.api..", "com.google.protobuf..", "org.bouncycastle.."),
                new Module(
                        "io.kad.core..",
                        "io.kad.api..",
                        "org.slf4j..",
                        "com.google.inject..",
                        "jakarta.inject..",
                        "io.micrometer.."),
                new Module(
                        "io.kad.transport.netty..",
                        "io.kad.api..",
                        "io.kad.wire..",
                        "org.slf4j..",
                        "io.netty..",
                        "org.bouncycastle.."),
                new Module("io.kad.store.memory..", "io.kad.api..", "org.slf4j.."),
                new Module(
                        "io.kad.store.rocksdb..",
                        "io.kad.api..",
                        "org.slf4j..",
                        "org.rocksdb..",
                        "com.github.benmanes.caffeine.."),
                new Module(
                        "io.kad.tck..",
                        "io.kad.api..",
                        "org.junit..",
                        "org.opentest4j..",
                        "org.assertj..",
                        "org.awaitility.."),
                new Module(
                        "io.kad.sim..",
                        "io.kad.api..",
                        "io.kad.core..",
                        "io.kad.store.memory..",
                        "org.junit..",
                        "com.fasterxml.jackson.."));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aModuleUsesOnlyWhatLiesBelowIt(Module module) {
        classes()
                .that()
                .resideInAPackage(module.root())
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(module.reach())
                .check(PRODUCTION);
    }

    @Test
    void everyModuleIsLookedAt() {
        assertThat(Stream.concat(modules().map(Module::root), Stream.of("io.kad.node..")))
                .allSatisfy(root -> assertThat(PRODUCTION)
                        .anyMatch(type -> (type.getPackageName() + ".").startsWith(root.replace("..", "."))));
    }

    @Test
    void protobufStaysInsideTheWireFormats() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.kad.wire..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.kad.wire.proto..", "com.google.protobuf..")
                .check(PRODUCTION);
    }

    @Test
    void guiceStaysInsideTheInjectPackage() {
        noClasses()
                .that()
                .resideInAPackage("io.kad.core..")
                .and()
                .resideOutsideOfPackage("io.kad.core.inject..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.google.inject..", "jakarta.inject..")
                .check(PRODUCTION);
    }

    @Test
    void micrometerStaysInsideItsPackage() {
        noClasses()
                .that()
                .resideInAPackage("io.kad.core..")
                .and()
                .resideOutsideOfPackage("io.kad.core.micrometer..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..")
                .check(PRODUCTION);
    }

    /** A module's root package and what may be used from it. */
    static final class Module {
        private final String root;
        private final String[] reach;

        Module(String root, String... below) {
            this.root = root;
            this.reach = Stream.of(new String[] {root}, below, FOR_EVERYONE)
                    .flatMap(Stream::of)
                    .toArray(String[]::new);
        }

        String root() {
            return root;
        }

        String[] reach() {
            return reach.clone();
        }

        @Override
        public String toString() {
            return root;
        }
    }
}
