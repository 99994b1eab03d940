package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.ConfigOption;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.GetProvidersResult;
import io.kad.api.spi.store.StoreException;
import io.kad.sim.network.SimPeer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Records and provider records whose holders crash one after the other, each replaced by a new peer. */
class RepublicationTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final RecordKey KEY = RecordKey.utf8("/app/key");
    private static final int SEEDS = 2;

    private static final List<ConfigOption<Optional<Duration>>> JOBS = List.of(
            KademliaConfig.REPUBLISH_INTERVAL, KademliaConfig.REPLICATE_INTERVAL, KademliaConfig.REPROVIDE_INTERVAL);

    /** Builds a network that runs only {@code job}, or none of the jobs. */
    private static SimNetwork network(long seed, Optional<ConfigOption<Optional<Duration>>> job) {
        KademliaConfig.Builder config = KademliaConfig.builder()
                .set(KademliaConfig.K, 5)
                .set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.of(HOUR.dividedBy(2)));
        JOBS.forEach(option -> config.set(
                option,
                Optional.of(HOUR).filter(hour -> job.filter(option::equals).isPresent())));
        return SimNetwork.builder()
                .peers(30)
                .seed(seed)
                .config(config.build())
                .tables(TableInit.JOINED)
                .build();
    }

    private static boolean hasRecord(SimPeer peer) {
        try {
            return peer.kademlia().recordStore().get(KEY).isPresent();
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean hasProvider(SimPeer peer, PeerId provider) {
        try {
            return peer.kademlia().providerStore().providers(KEY, 100).stream()
                    .map(ProviderRecord::provider)
                    .anyMatch(provider::equals);
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    private static void put(SimNetwork network, SimPeer publisher) {
        network.await(publisher
                .kademlia()
                .putRecord(Record.of(KEY, Bytes.utf8("value")), Quorum.all())
                .result());
    }

    /** Replaces each of the holders by a new peer, one in two hours. */
    private static void replaceHolders(SimNetwork network, SimPeer countedBytes, Predicate<SimPeer> isHolder) {
        List<SimPeer> holders = network.running().stream()
                .filter(peer -> peer != countedBytes && isHolder.test(peer))
                .toList();
        assertThat(holders).hasSizeGreaterThanOrEqualTo(5);
        for (SimPeer holder : holders) {
            network.crash(holder);
            SimPeer newcomer = network.start();
            network.await(network.join(newcomer, network.otherServers(newcomer).get(0)));
            network.advance(HOUR.multipliedBy(2));
        }
    }

    /** Returns a running peer that holds nothing of what is looked for, so that it has to be found. */
    private static Kademlia searcher(SimNetwork network, Predicate<SimPeer> isHolder) {
        return network.running().stream()
                .filter(isHolder.negate())
                .findFirst()
                .orElseThrow()
                .kademlia();
    }

    private static boolean isHeldByAnother(SimNetwork network, SimPeer publisher, Predicate<SimPeer> isHolder) {
        return network.running().stream().anyMatch(peer -> peer != publisher && isHolder.test(peer));
    }

    private static boolean isFoundWithoutItsPublisher(long seed, Optional<ConfigOption<Optional<Duration>>> job) {
        try (SimNetwork network = network(seed, job)) {
            SimPeer publisher = network.peer(3);
            put(network, publisher);
            network.crash(publisher);
            replaceHolders(network, publisher, RepublicationTest::hasRecord);
            return isRecordFound(network);
        }
    }

    private static boolean isFoundWithItsPublisher(long seed, Optional<ConfigOption<Optional<Duration>>> job) {
        try (SimNetwork network = network(seed, job)) {
            SimPeer publisher = network.peer(3);
            put(network, publisher);
            replaceHolders(network, publisher, RepublicationTest::hasRecord);
            return isHeldByAnother(network, publisher, RepublicationTest::hasRecord) && isRecordFound(network);
        }
    }

    private static boolean isRecordFound(SimNetwork network) {
        return network.tryAwait(searcher(network, RepublicationTest::hasRecord).getRecord(KEY, Quorum.one()))
                .isPresent();
    }

    private static boolean isProviderFound(long seed, Optional<ConfigOption<Optional<Duration>>> job) {
        try (SimNetwork network = network(seed, job)) {
            SimPeer provider = network.peer(3);
            Predicate<SimPeer> isHolder = peer -> hasProvider(peer, provider.id());
            network.await(provider.kademlia().startProviding(KEY).result());
            replaceHolders(network, provider, isHolder);
            // the provider names itself when it is queried
            return isHeldByAnother(network, provider, isHolder)
                    && network.tryAwait(searcher(network, isHolder).getProviders(KEY, 1))
                            .map(GetProvidersResult::providers)
                            .filter(providers -> !providers.isEmpty())
                            .isPresent();
        }
    }

    @Test
    void aReplicatedRecordOutlivesItsPublisherAndAllItsFirstHolders() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertThat(isFoundWithoutItsPublisher(seed, Optional.of(KademliaConfig.REPLICATE_INTERVAL)))
                    .isTrue();
            assertThat(isFoundWithoutItsPublisher(seed, Optional.empty())).isFalse();
        }
    }

    @Test
    void aRepublishedRecordOutlivesAllItsFirstHolders() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertThat(isFoundWithItsPublisher(seed, Optional.of(KademliaConfig.REPUBLISH_INTERVAL)))
                    .isTrue();
            assertThat(isFoundWithItsPublisher(seed, Optional.empty())).isFalse();
        }
    }

    @Test
    void aReprovidedProviderRecordOutlivesAllItsFirstHolders() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertThat(isProviderFound(seed, Optional.of(KademliaConfig.REPROVIDE_INTERVAL)))
                    .isTrue();
            assertThat(isProviderFound(seed, Optional.empty())).isFalse();
        }
    }
}
