package io.kad.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.transport.Transport;
import io.kad.tck.support.SilentPeer;
import io.kad.tck.support.TestData;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The compatibility tests of transports accept a right transport and reject each wrong one by the rule it breaks. */
class TransportTckTest {

    private static PlainNetwork network;

    @BeforeAll
    static void openNetwork() {
        network = new PlainNetwork();
    }

    @AfterAll
    static void closeNetwork() {
        network.close();
    }

    private interface Factory {
        Transport create(PlainNetwork network, Identity identity);
    }

    /** A peer that signs nothing. */
    private record Nameless(PeerId peerId) implements Identity {
        @Override
        public Bytes publicKey() {
            return peerId.inlinePublicKey().orElseThrow();
        }

        @Override
        public Bytes sign(Bytes message) {
            throw new UnsupportedOperationException();
        }
    }

    /** The compatibility tests of whatever transport is to be tested next. */
    static class Subject extends TransportTck {
        private static final AtomicInteger PEERS = new AtomicInteger(1000);
        private static Factory factory = PlainTransport::new;
        private static Duration patience = Duration.ZERO;

        @Override
        protected Identity createIdentity() {
            return new Nameless(TestData.peer(PEERS.incrementAndGet()));
        }

        @Override
        protected Transport createTransport(SpiContext context, Identity identity, KademliaConfig config) {
            return factory.create(network, identity);
        }

        @Override
        protected Multiaddr unreachableAddress() {
            return network.freeAddress();
        }

        @Override
        protected SilentPeer createSilentPeer() {
            return network.addSilent();
        }

        @Override
        protected Duration maxWait() {
            return patience;
        }
    }

    private static TckRun run(Factory factory, Duration patience) {
        Subject.factory = factory;
        Subject.patience = patience;
        return TckRun.of(Subject.class);
    }

    @Test
    void aRightTransportPasses() {
        TckRun run = run(PlainTransport::new, Duration.ofSeconds(20));
        assertThat(run.failures()).isEmpty();
        assertThat(run.started()).isGreaterThan(20);
    }

    @ParameterizedTest
    @EnumSource
    void aWrongTransportFailsByTheRuleItBreaks(BrokenTransport broken) {
        Set<String> allowed = new TreeSet<>(broken.others());
        allowed.add(broken.rule());
        TckRun run = run(broken::create, Duration.ofSeconds(2));
        if (!allowed.containsAll(run.brokenRules())) {
            // A process that is stopped for longer than that breaks rules too
            run = run(broken::create, Duration.ofSeconds(60));
        }
        assertThat(run.brokenRules())
                .as("%s", run.failures().keySet())
                .contains(broken.rule())
                .isSubsetOf(allowed);
    }

    @Test
    void everyRuleHasATestAndATransportThatItRejects() {
        Set<String> tested = Arrays.stream(TransportTck.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(Method::getName)
                .map(name -> name.substring("transport".length(), "transport".length() + 2))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> broken = Arrays.stream(BrokenTransport.values())
                .map(BrokenTransport::rule)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(tested)
                .isEqualTo(broken)
                .containsExactly("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12");
    }
}
