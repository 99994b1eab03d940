package io.kad.core.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import io.kad.api.record.RecordValidator;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.core.engine.Peers;
import io.kad.core.record.RecordMerge;
import io.kad.core.record.RecordRules;
import io.kad.core.record.Validators;
import io.kad.core.routing.RoutingSnapshot;
import io.kad.core.routing.RoutingTable;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestRulesTest {

    private static final Instant NOW = Instant.parse("2025-06-01T00:00:00Z");
    private static final PeerId SELF = Peers.peer(0);
    private static final int PEERS = 60;
    private static final int K = 20;
    private static final int STRANGER = 1000;
    private static final RecordKey KEY = RecordKey.utf8("/longest/x");
    private static final List<Multiaddr> OWN = List.of(Multiaddr.parse("/ip4/10.1.1.1/tcp/1"));

    private final RoutingTable table = new RoutingTable(SELF, 256, 1, 16);
    private final Map<PeerId, PeerInfo> connected = new HashMap<>();
    private final RequestRules handler = handler(KademliaConfig.builder());

    RequestRulesTest() {
        for (int number = 1; number <= PEERS; number++) {
            table.insert(0, Peers.peer(number), List.of(Peers.address(number)), true);
        }
    }

    private static RequestRules handler(KademliaConfig.Builder config) {
        return new RequestRules(SELF, config.build(), new Validators(List.of(new LongestValue())));
    }

    /** Takes the longest value, and no value that says it is bad. */
    private static final class LongestValue implements RecordValidator {

        @Override
        public String namespace() {
            return "longest";
        }

        @Override
        public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
            return value.equals(Bytes.utf8("bad")) ? Optional.of("bad value") : Optional.empty();
        }

        @Override
        public int select(RecordKey key, List<Bytes> values, Instant now) {
            return IntStream.range(0, values.size())
                    .reduce((left, right) ->
                            values.get(right).size() > values.get(left).size() ? right : left)
                    .orElseThrow();
        }
    }

    private RequestRules.LocalState view() {
        return view(table.snapshot());
    }

    private RequestRules.LocalState view(RoutingSnapshot snapshot) {
        return new RequestRules.LocalState(snapshot, peer -> Optional.ofNullable(connected.get(peer)), () -> OWN, NOW);
    }

    private RequestPlan plan(int from, KadRequest request) {
        return handler.plan(inbound(from, request), view());
    }

    private static InboundRequest inbound(int from, KadRequest request) {
        return new InboundRequest(Peers.peer(from), Peers.address(from), request);
    }

    private List<PeerId> findNode(int from, Bytes target) {
        RequestPlan.Respond plan = (RequestPlan.Respond) plan(from, new KadRequest.FindNode(target));
        return ((KadResponse.FindNode) plan.response())
                .closerPeers().stream().map(PeerInfo::id).toList();
    }

    private static List<PeerId> closest(KadKey target, int count, Integer... without) {
        return Peers.byDistance(target, PEERS).stream()
                .filter(number -> !List.of(without).contains(number))
                .limit(count)
                .map(Peers::peer)
                .toList();
    }

    private static Record record(String value) {
        return Record.of(KEY, Bytes.utf8(value));
    }

    // --- FIND_NODE

    @Test
    void findNodeNamesTheKClosest() {
        Bytes target = Bytes.utf8("any key");

        assertThat(findNode(STRANGER, target)).isEqualTo(closest(KadKey.hash(target), K));
    }

    @Test
    void theOneThatAsksIsNotNamedAndAnotherTakesItsPlace() {
        Bytes target = Bytes.utf8("any key");
        int nearest = Peers.byDistance(KadKey.hash(target), PEERS).get(0);

        assertThat(findNode(nearest, target)).isEqualTo(closest(KadKey.hash(target), K, nearest));
    }

    @Test
    void askedForItselfThePeerNamesItsNeighbours() {
        assertThat(findNode(STRANGER, SELF.bytes()))
                .isEqualTo(closest(SELF.kadKey(), K))
                .doesNotContain(SELF);
    }

    @Test
    void aPeerOfTheTableThatIsAskedForComesFirstAndBesidesTheKClosest() {
        PeerId target = Peers.peer(7);

        assertThat(findNode(STRANGER, target.bytes()))
                .hasSize(K + 1)
                .startsWith(target)
                .endsWith(closest(target.kadKey(), K, 7).toArray(PeerId[]::new))
                .doesNotHaveDuplicates();
    }

    @Test
    void aConnectedClientThatIsAskedForComesFirstAndBesidesTheKClosest() {
        PeerInfo client = Peers.info(STRANGER + 1);
        connected.put(client.id(), client);

        assertThat(findNode(STRANGER, client.id().bytes()))
                .hasSize(K + 1)
                .startsWith(client.id())
                .endsWith(closest(client.id().kadKey(), K).toArray(PeerId[]::new));
    }

    @Test
    void aConnectedPeerWithoutAddressesIsOfNoUseToOthers() {
        PeerInfo client = PeerInfo.of(Peers.peer(STRANGER + 1), List.of());
        connected.put(client.id(), client);

        assertThat(findNode(STRANGER, client.id().bytes()))
                .doesNotContain(client.id())
                .hasSize(K);
    }

    @Test
    void aPeerThatAsksForItselfIsNotNamedThoughConnected() {
        connected.put(Peers.peer(STRANGER), Peers.info(STRANGER));

        assertThat(findNode(STRANGER, Peers.peer(STRANGER).bytes()))
                .isEqualTo(closest(Peers.peer(STRANGER).kadKey(), K));
    }

    @Test
    void anEmptyTableNamesNobody() {
        RequestPlan plan =
                handler.plan(inbound(1, new KadRequest.FindNode(Bytes.EMPTY)), view(RoutingSnapshot.empty(SELF)));

        assertThat(plan).isEqualTo(new RequestPlan.Respond(new KadResponse.FindNode(List.of())));
    }

    // --- GET_VALUE

    private KadResponse.GetValue getValue(Optional<Record> held) {
        assertThat(plan(5, new KadRequest.GetValue(KEY))).isEqualTo(new RequestPlan.ReadRecord(KEY));
        return (KadResponse.GetValue) handler.valueResponse(Peers.peer(5), KEY, held, view());
    }

    @Test
    void aHeldRecordIsServedBesidesTheCloserPeers() {
        Record held = record("v").withExpires(Optional.of(NOW.plusNanos(1)));

        KadResponse.GetValue answer = getValue(Optional.of(held));

        assertThat(answer.record()).contains(held);
        assertThat(answer.closerPeers()).extracting(PeerInfo::id).isEqualTo(closest(KEY.kadKey(), K, 5));
    }

    @Test
    void aRecordIsNotServedFromTheMomentItExpires() {
        assertThat(getValue(Optional.of(record("v").withExpires(Optional.of(NOW))))
                        .record())
                .isEmpty();
    }

    @Test
    void aRecordThatIsNotValidIsNotServed() {
        KadResponse.GetValue answer = getValue(Optional.of(record("bad")));

        assertThat(answer.record()).isEmpty();
        assertThat(answer.closerPeers()).hasSize(K);
    }

    // --- PUT_VALUE

    private RequestPlan put(Record record) {
        return plan(STRANGER, new KadRequest.PutValue(record));
    }

    private static RequestPlan echo(Record record) {
        return new RequestPlan.Respond(new KadResponse.PutValue(record));
    }

    @Test
    void aReceivedRecordIsKeptForTheTimeToLiveAndEchoedAsItCame() {
        Record received = record("v").withPublisher(Peers.peer(3));

        RequestPlan.StoreRecord plan = (RequestPlan.StoreRecord) put(received);

        int beyond = Math.max(0, table.snapshot().peersCloserThan(KEY.kadKey()) - K);
        assertThat(plan.record())
                .isEqualTo(received.withExpires(
                                Optional.of(NOW.plusSeconds(Duration.ofDays(2).toSeconds() >> beyond)))
                        .withTimeReceived(NOW)
                        .withPublished(Optional.of(PublicationTime.estimated(Instant.EPOCH))));
        assertThat(plan.echo()).isEqualTo(new KadResponse.PutValue(received));
    }

    @Test
    void aRecordOfOnesOwnIsEchoedAndLeftAlone() {
        Record own = record("v").withPublisher(SELF);

        assertThat(put(own)).isEqualTo(echo(own));
    }

    @Test
    void aRecordThatIsNotValidIsRefused() {
        assertThat(put(record("bad"))).isEqualTo(new RequestPlan.Refuse("bad value"));
    }

    @Test
    void aRecordWithoutAKeyIsRefused() {
        assertThat(put(Record.of(RecordKey.of(Bytes.EMPTY), Bytes.utf8("v")))).isInstanceOf(RequestPlan.Refuse.class);
    }

    @Test
    void aRecordThatHasExpiredIsEchoedAndNotKept() {
        Record expired = record("v").withExpires(Optional.of(NOW));

        assertThat(put(expired)).isEqualTo(echo(expired));
    }

    @Test
    void aRecordThatIsNoneOfThisPeersBusinessIsEchoedAndNotKept() {
        RequestRules small = handler(KademliaConfig.builder().set(KademliaConfig.K, 1));
        RecordKey far = IntStream.range(0, 1000)
                .mapToObj(number -> RecordKey.utf8("/longest/" + number))
                .filter(key -> table.snapshot().peersCloserThan(key.kadKey()) > 18)
                .findFirst()
                .orElseThrow();
        Record received = Record.of(far, Bytes.utf8("v"));

        assertThat(small.plan(inbound(STRANGER, new KadRequest.PutValue(received)), view()))
                .isEqualTo(echo(received));
    }

    @Test
    void withoutATimeToLiveARecordLivesAsLongAsItsSenderSays() {
        RequestRules forever = handler(KademliaConfig.builder().set(KademliaConfig.RECORD_TTL, Optional.empty()));
        Record received = record("v");

        RequestPlan.StoreRecord plan =
                (RequestPlan.StoreRecord) forever.plan(inbound(STRANGER, new KadRequest.PutValue(received)), view());

        assertThat(plan.record())
                .isEqualTo(received.withTimeReceived(NOW).withPublished(Optional.of(PublicationTime.estimated(NOW))));
    }

    // --- which of two records is kept

    private Record better(Record held, Record received) {
        return handler.merge(received, Peers.peer(STRANGER), NOW)
                .apply(Optional.of(held))
                .orElseThrow();
    }

    @Test
    void aRecordIsKeptWhereThereWasNone() {
        assertThat(handler.merge(record("v"), Peers.peer(STRANGER), NOW).apply(Optional.empty()))
                .contains(record("v"));
    }

    @Test
    void theBetterRecordIsKeptInWhicheverOrderTheyCome() {
        Record shorter = record("x");
        Record longer = record("xx");

        assertThat(better(shorter, longer)).isEqualTo(longer);
        assertThat(better(longer, shorter)).isEqualTo(longer);
        RecordMerge merge = handler.merge(longer, Peers.peer(STRANGER), NOW);
        assertThat(merge.isAccepted(Optional.of(shorter))).isFalse();
        assertThat(merge.isAccepted(Optional.of(longer))).isTrue();
        assertThat(merge.isAccepted(Optional.empty())).isFalse();
    }

    @Test
    void anInvalidOrExpiredRecordGivesWayToAShorterOne() {
        assertThat(better(record("bad"), record("x"))).isEqualTo(record("x"));
        assertThat(better(record("xxx").withExpires(Optional.of(NOW)), record("x")))
                .isEqualTo(record("x"));
    }

    @Test
    void withoutAValidatorTheRecordPublishedLastIsKeptInWhicheverOrderTheyCome() {
        RecordKey free = RecordKey.utf8("anything");
        Record first = Record.of(free, Bytes.utf8("first")).withPublished(stated(1));
        Record second = Record.of(free, Bytes.utf8("2nd")).withPublished(stated(2));

        assertThat(better(first, second)).isEqualTo(second);
        assertThat(better(second, first)).isEqualTo(second);
    }

    private static Optional<PublicationTime> stated(int second) {
        return Optional.of(PublicationTime.stated(NOW.minusSeconds(100 - second)));
    }

    /** Without it, the publisher keeps reading and republishing its value after another peer has replaced it everywhere. */
    @Test
    void aLaterRecordOfAnotherPeerReplacesAnOwnOneAndThatIsTold() {
        Record own = Record.of(RecordKey.utf8("anything"), Bytes.utf8("own"))
                .withPublisher(SELF)
                .withPublished(stated(1));
        Record foreign = Record.of(own.key(), Bytes.utf8("foreign")).withPublished(stated(2));
        RecordMerge merge = handler.merge(foreign, Peers.peer(STRANGER), NOW);

        assertThat(merge.apply(Optional.of(own))).contains(foreign);
        assertThat(merge.superseded()).contains(new DhtEvent.RecordSuperseded(own, foreign, Peers.peer(STRANGER)));
        assertThat(merge.apply(Optional.empty())).contains(foreign);
        assertThat(merge.superseded()).isEmpty();
    }

    @Test
    void aRecordTooFarAheadOfTheClockIsRefused() {
        Instant limit = NOW.plus(RecordRules.MAX_AHEAD);
        Record ahead = record("v").withPublished(Optional.of(PublicationTime.stated(limit.plusMillis(1))));
        Record atLimit = record("v").withPublished(Optional.of(PublicationTime.stated(limit)));

        assertThat(put(ahead))
                .isEqualTo(new RequestPlan.Refuse("time of publication is more than 10 min ahead of the local clock"));
        assertThat(((RequestPlan.StoreRecord) put(atLimit)).record().published())
                .isEqualTo(atLimit.published());
    }

    @Test
    void anOwnRecordGivesWayToABetterOneOnly() {
        Record own = Record.of(RecordKey.utf8("anything"), Bytes.utf8("own")).withPublisher(SELF);
        Record foreign = Record.of(own.key(), Bytes.utf8("foreign"));
        assertThat(better(own, foreign))
                .as("without a validator nobody knows which is better")
                .isEqualTo(own);
        Record shorter = record("x").withPublisher(SELF);
        assertThat(better(shorter, record("xx"))).isEqualTo(record("xx"));
    }

    @Test
    void valuesAndProvidersCanBeSwitchedOff() {
        RequestRules noValues = handler(KademliaConfig.builder().set(KademliaConfig.VALUES_ENABLED, false));
        RequestRules noProviders = handler(KademliaConfig.builder().set(KademliaConfig.PROVIDERS_ENABLED, false));
        List<KadRequest> forValues = List.of(new KadRequest.PutValue(record("v")), new KadRequest.GetValue(KEY));
        List<KadRequest> forProviders = List.of(
                new KadRequest.AddProvider(KEY, List.of(Peers.info(STRANGER))), new KadRequest.GetProviders(KEY));
        assertThat(forValues).allSatisfy(request -> {
            assertThat(noValues.plan(inbound(STRANGER, request), view())).isInstanceOf(RequestPlan.Refuse.class);
            assertThat(noProviders.plan(inbound(STRANGER, request), view())).isNotInstanceOf(RequestPlan.Refuse.class);
        });
        assertThat(forProviders).allSatisfy(request -> {
            assertThat(noProviders.plan(inbound(STRANGER, request), view())).isInstanceOf(RequestPlan.Refuse.class);
            assertThat(noValues.plan(inbound(STRANGER, request), view())).isNotInstanceOf(RequestPlan.Refuse.class);
        });
        assertThat(noValues.plan(inbound(STRANGER, new KadRequest.Ping()), view()))
                .isInstanceOf(RequestPlan.Respond.class);
    }

    @Test
    void ofEqualValuesTheLaterExpiryIsKept() {
        Record sooner = record("x").withExpires(Optional.of(NOW.plusSeconds(1)));
        Record later = record("x").withExpires(Optional.of(NOW.plusSeconds(2)));
        Record never = record("x");

        assertThat(better(sooner, later)).isEqualTo(later);
        assertThat(better(later, sooner)).isEqualTo(later);
        assertThat(better(never, later)).isEqualTo(never);
        assertThat(better(later, never)).isEqualTo(never);
    }

    /** Otherwise anybody could keep a record alive for ever, 48 h at a time. */
    @Test
    void onlyItsPublisherProlongsARecordAndNobodyAnOwnOne() {
        Record sooner = record("x").withExpires(Optional.of(NOW.plusSeconds(1))).withPublished(stated(1));
        Record later = sooner.withExpires(Optional.of(NOW.plusSeconds(2)));
        PeerId publisher = Peers.peer(STRANGER);
        Record published = sooner.withPublisher(publisher);

        assertThat(better(published, later.withPublisher(publisher))).isEqualTo(later.withPublisher(publisher));
        assertThat(handler.merge(later.withPublisher(publisher), Peers.peer(1), NOW)
                        .apply(Optional.of(published)))
                .as("a copy that another holder sends")
                .contains(published);
        assertThat(better(published, later)).as("a copy without its publisher").isEqualTo(published);
        Record own = sooner.withPublisher(SELF);
        assertThat(better(own, later)).isEqualTo(own);
        assertThat(better(own, later.withPublisher(publisher).withPublished(stated(2))))
                .as("the later time stays, and nothing else")
                .isEqualTo(own.withPublished(stated(2)));
    }

    // --- ADD_PROVIDER

    private RequestPlan provide(RecordKey key, PeerInfo... providers) {
        return plan(STRANGER, new KadRequest.AddProvider(key, List.of(providers)));
    }

    @Test
    void aProviderIsKeptForTheTimeToLiveWithTheAddressesItSays() {
        assertThat(provide(KEY, Peers.info(STRANGER)))
                .isEqualTo(new RequestPlan.StoreProvider(new ProviderRecord(
                        KEY,
                        Peers.peer(STRANGER),
                        List.of(Peers.address(STRANGER)),
                        Optional.of(NOW.plus(Duration.ofDays(2))))));
    }

    @Test
    void onlyTheSenderItselfIsTakenForAProvider() {
        RequestPlan.StoreProvider plan = (RequestPlan.StoreProvider)
                provide(KEY, Peers.info(1), PeerInfo.of(SELF, OWN), Peers.info(STRANGER), Peers.info(2));

        assertThat(plan.record().provider()).isEqualTo(Peers.peer(STRANGER));
        assertThat(provide(KEY, Peers.info(1), PeerInfo.of(SELF, OWN))).isInstanceOf(RequestPlan.Ignore.class);
        assertThat(provide(KEY)).isInstanceOf(RequestPlan.Ignore.class);
    }

    @Test
    void aProviderWithoutAddressesIsKept() {
        RequestPlan.StoreProvider plan =
                (RequestPlan.StoreProvider) provide(KEY, PeerInfo.of(Peers.peer(STRANGER), List.of()));

        assertThat(plan.record().addresses()).isEmpty();
    }

    @Test
    void theAddressesOfAProviderAreBounded() {
        List<Multiaddr> atLimit =
                IntStream.range(0, 16).mapToObj(Peers::address).toList();
        List<Multiaddr> overLimit =
                IntStream.range(0, 17).mapToObj(Peers::address).toList();

        assertThat(addressesKept(atLimit)).isEqualTo(atLimit);
        assertThat(addressesKept(overLimit)).isEqualTo(atLimit);
    }

    private List<Multiaddr> addressesKept(List<Multiaddr> said) {
        RequestPlan.StoreProvider plan =
                (RequestPlan.StoreProvider) provide(KEY, PeerInfo.of(Peers.peer(STRANGER), said));
        return plan.record().addresses();
    }

    @Test
    void aProviderKeyHasOneToEightyBytes() {
        assertThat(provide(keyOf(1), Peers.info(STRANGER))).isInstanceOf(RequestPlan.StoreProvider.class);
        assertThat(provide(keyOf(80), Peers.info(STRANGER))).isInstanceOf(RequestPlan.StoreProvider.class);
        assertThat(provide(keyOf(0), Peers.info(STRANGER))).isInstanceOf(RequestPlan.Refuse.class);
        assertThat(provide(keyOf(81), Peers.info(STRANGER))).isInstanceOf(RequestPlan.Refuse.class);
    }

    private static RecordKey keyOf(int size) {
        return RecordKey.of(Bytes.of(new byte[size]));
    }

    @Test
    void withoutATimeToLiveAProviderRecordNeverExpires() {
        RequestRules forever =
                handler(KademliaConfig.builder().set(KademliaConfig.PROVIDER_RECORD_TTL, Optional.empty()));

        RequestPlan.StoreProvider plan = (RequestPlan.StoreProvider) forever.plan(
                inbound(STRANGER, new KadRequest.AddProvider(KEY, List.of(Peers.info(STRANGER)))), view());

        assertThat(plan.record().expires()).isEmpty();
    }

    // --- GET_PROVIDERS

    private List<PeerInfo> providers(ProviderRecord... held) {
        assertThat(plan(STRANGER, new KadRequest.GetProviders(KEY))).isEqualTo(new RequestPlan.ReadProviders(KEY));
        KadResponse.GetProviders answer =
                (KadResponse.GetProviders) handler.providersResponse(Peers.peer(STRANGER), KEY, List.of(held), view());
        assertThat(answer.closerPeers()).extracting(PeerInfo::id).isEqualTo(closest(KEY.kadKey(), K));
        return answer.providers();
    }

    private static ProviderRecord provider(PeerId peer, List<Multiaddr> addresses) {
        return new ProviderRecord(KEY, peer, addresses, Optional.empty());
    }

    @Test
    void providersAreNamedWithTheAddressesTheySaidInTheOrderInWhichTheyCame() {
        assertThat(providers(
                        provider(Peers.peer(STRANGER + 2), List.of(Peers.address(9))),
                        provider(Peers.peer(3), List.of(Peers.address(8)))))
                .containsExactly(
                        PeerInfo.of(Peers.peer(STRANGER + 2), List.of(Peers.address(9))),
                        PeerInfo.of(Peers.peer(3), List.of(Peers.address(8))));
    }

    @Test
    void theOneThatAsksIsNotToldOfItself() {
        assertThat(providers(provider(Peers.peer(STRANGER), List.of(Peers.address(9)))))
                .isEmpty();
    }

    @Test
    void anExpiredProviderIsNotNamed() {
        ProviderRecord expired = new ProviderRecord(KEY, Peers.peer(3), List.of(Peers.address(3)), Optional.of(NOW));

        assertThat(providers(expired)).isEmpty();
    }

    @Test
    void aProviderThatSaidNoAddressIsNamedWithThoseOfTheTable() {
        assertThat(providers(provider(Peers.peer(3), List.of())))
                .containsExactly(table.snapshot().find(Peers.peer(3)).orElseThrow());
    }

    @Test
    void aProviderThatSaidNoAddressIsNamedWithThoseOfItsConnection() {
        PeerInfo client = Peers.info(STRANGER + 1);
        connected.put(client.id(), client);

        assertThat(providers(provider(client.id(), List.of()))).containsExactly(client);
    }

    @Test
    void aProviderOfWhichNothingIsKnownIsNamedAllTheSame() {
        PeerId unknown = Peers.peer(STRANGER + 1);

        assertThat(providers(provider(unknown, List.of()))).containsExactly(PeerInfo.of(unknown, List.of()));
    }

    @Test
    void thePeerItselfIsNamedWithItsOwnAddresses() {
        assertThat(providers(provider(SELF, List.of()))).containsExactly(PeerInfo.of(SELF, OWN));
    }

    // --- PING

    @Test
    void aPingIsAnswered() {
        assertThat(plan(STRANGER, new KadRequest.Ping())).isEqualTo(new RequestPlan.Respond(new KadResponse.Ping()));
    }
}
