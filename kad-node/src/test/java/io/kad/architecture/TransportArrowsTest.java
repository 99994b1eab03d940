package io.kad.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.netty.util.internal.SocketUtils;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests of the arrows of the transport: a protocol on a stream does not know which muxer carries it. */
class TransportArrowsTest {

    private static final String NETTY = "io.kad.transport.netty";

    private static final JavaClasses TRANSPORT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(NETTY);

    private static final Set<String> RESOLVING_METHODS = Set.of(
            "getByName",
            "getAllByName",
            "getLocalHost",
            "getHostName",
            "getCanonicalHostName",
            "addressByName",
            "allAddressesByName",
            "socketAddress");

    private static final DescribedPredicate<JavaMethodCall> RESOLVES = DescribedPredicate.describe(
            "it may ask the resolver of the system",
            call -> (call.getTargetOwner().isAssignableTo(InetAddress.class)
                            || call.getTargetOwner().isEquivalentTo(InetSocketAddress.class)
                            || call.getTargetOwner().isEquivalentTo(SocketUtils.class))
                    && RESOLVING_METHODS.contains(call.getName()));

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

    /**
     * An address of a remote peer is read on an event loop, where a name must not reach the resolver of the system: it blocks for as long as a
     * DNS server is silent. Host names go to {@code HostResolvers} alone.
     */
    @Test
    void nothingAsksTheBlockingResolverOfTheSystem() {
        noClasses()
                .should()
                .callMethodWhere(RESOLVES)
                .orShould()
                .callConstructor(InetSocketAddress.class, String.class, int.class)
                .check(TRANSPORT);
    }
}
