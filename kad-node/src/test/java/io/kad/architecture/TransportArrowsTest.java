package io.kad.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Tests of the arrows of the transport: a protocol on a stream does not know which muxer carries it. */
class TransportArrowsTest {

    private static final String NETTY = "io.kad.transport.netty";

    private static final JavaClasses TRANSPORT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(NETTY);

    @Test
    void onlyTheListOfMuxersKnowsYamux() {
        noClasses()
                .that()
                .resideOutsideOfPackage(NETTY + ".yamux..")
                .and()
                .doNotHaveFullyQualifiedName(NETTY + ".Muxers")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(NETTY + ".yamux..")
                .check(TRANSPORT);
    }

    @Test
    void onlyTheListOfSecurityProtocolsKnowsNoise() {
        noClasses()
                .that()
                .resideOutsideOfPackage(NETTY + ".noise..")
                .and()
                .doNotHaveFullyQualifiedName(NETTY + ".SecurityProtocols")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(NETTY + ".noise..")
                .check(TRANSPORT);
    }

    @Test
    void protocolsEndAStreamByTheSeamAndNotByNetty() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        NETTY + ".connection..",
                        NETTY + ".identify..",
                        NETTY + ".kad..",
                        NETTY + ".multistream..",
                        NETTY + ".ping..",
                        NETTY + ".stream..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.netty.channel.socket.DuplexChannel")
                .check(TRANSPORT);
    }

    @Test
    void theSeamKnowsNoMuxer() {
        noClasses()
                .that()
                .resideInAPackage(NETTY + ".muxer")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        NETTY + ".connection..",
                        NETTY + ".dial..",
                        NETTY + ".kad..",
                        NETTY + ".upgrade..",
                        NETTY + ".yamux..")
                .check(TRANSPORT);
    }
}
