package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.event.DhtEvent.RecordSuperseded;
import io.kad.api.event.DhtEvent.RequestServed;
import io.kad.api.message.KadRequest.PutValue;
import io.kad.api.record.Quorum;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two records of a key without a validator, in networks of kad peers and of peers that know nothing of field 778: A puts, then B puts, and A
 * publishes again. A and B are clients, so that A learns of the record of B from the holders only.
 *
 * <p>A rust peer stands for a kad peer of before field 778, too: it stores what comes last without the field, sends none, publishes again
 * what it has put, and with {@code --correct} writes the value that most holders have over the others.
 */
@Timeout(240)
class RecordOrderTest {

    private static final String KEY = "/app/contested";
    private static final Duration NO_OFFSET = Duration.ZERO;
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private static final Duration ONE_HOUR = Duration.ofHours(1);

    @RegisterExtension
    final Peers peers = new Peers();

    @RegisterExtension
    final EmbeddedPeers embedded = new EmbeddedPeers();

    /** Peers of other implementations that store records; what they do when a second record of a key arrives. */
    enum Holder {
        /** Stores what comes last, without its time of publication. */
        RUST(Implementation.RUST, true),
        /** Stores what comes last, without its time of publication; its selector runs on reading only. */
        JS(Implementation.JS, true),
        /** Has a validator that prefers what comes last; stores the record with all its fields. */
        GO_PREFERS_LATEST(Implementation.GO, true, "latest"),
        /** Has a validator that prefers the greater value, and refuses others; stores the record with all its fields. */
        GO_PREFERS_GREATEST(Implementation.GO, false, "greatest");

        private final Implementation implementation;
        private final boolean storesLatest;
        /** The option {@code --select}; empty without one. */
        private final String selection;

        Holder(Implementation implementation, boolean storesLatest) {
            this(implementation, storesLatest, "");
        }

        Holder(Implementation implementation, boolean storesLatest, String selection) {
            this.implementation = implementation;
            this.storesLatest = storesLatest;
            this.selection = selection;
        }
    }

    private LibraryPeer start(Holder holder) {
        return holder.selection.isEmpty()
                ? peers.of(holder.implementation)
                : peers.of(holder.implementation, "--select", holder.selection);
    }

    /** Starts a kad server that knows {@code others}, and that they know. */
    private EmbeddedPeer kadHolder(PeerProcess... others) {
        EmbeddedPeer kad = embedded.start(config(Mode.SERVER).build(), NO_OFFSET);
        for (PeerProcess other : others) {
            kad.join(other.address());
            other.awaitKnows(List.of(kad.peerId().toString()));
        }
        return kad;
    }

    /** Starts a kad client that knows {@code holders}. */
    private EmbeddedPeer client(KademliaConfig.Builder config, Duration clockOffset, List<String> holders) {
        EmbeddedPeer client = embedded.start(config.build(), clockOffset);
        holders.forEach(client::join);
        return client;
    }

    private static KademliaConfig.Builder config(Mode mode) {
        return KademliaConfig.builder()
                .set(KademliaConfig.PROTOCOL, Peers.PROTOCOL)
                .set(KademliaConfig.MODE, mode);
    }

    private static KademliaConfig.Builder republishing() {
        return config(Mode.CLIENT).set(KademliaConfig.REPUBLISH_INTERVAL, Optional.of(Duration.ofSeconds(2)));
    }

    private static void awaitSuperseded(EmbeddedPeer publisher, String winner) {
        publisher.event(
                RecordSuperseded.class,
                event -> EmbeddedPeer.text(event.better()).equals(winner));
        assertThat(publisher.held(KEY)).hasValue(winner);
    }

    private static void awaitHeld(PeerProcess holder, String value) {
        await().atMost(PeerProcess.PATIENCE)
                .untilAsserted(() -> assertThat(holder.ask("held " + KEY).text("text"))
                        .as(holder::toString)
                        .isEqualTo(value));
    }

    @ParameterizedTest
    @EnumSource
    void theLaterPutStaysIfOneHolderIsKad(Holder holder) {
        LibraryPeer other = start(holder);
        EmbeddedPeer kad = kadHolder(other);
        List<String> holders = List.of(other.address(), kad.address());
        EmbeddedPeer a = client(republishing(), NO_OFFSET, holders);
        EmbeddedPeer b = client(config(Mode.CLIENT), NO_OFFSET, holders);

        a.put(KEY, "1 of a", Quorum.all());
        b.put(KEY, "2 of b", Quorum.all());

        awaitSuperseded(a, "2 of b");
        assertThat(kad.held(KEY)).hasValue("2 of b");
        assertThat(client(config(Mode.CLIENT), NO_OFFSET, holders).get(KEY)).isEqualTo("2 of b");
        // if a publication of A was under way while B put, the get has repaired it
        awaitHeld(other, "2 of b");
    }

    @ParameterizedTest
    @EnumSource
    void theLaterPutStaysAtKadHoldersWhateverTheOtherHolderPrefers(Holder holder) {
        LibraryPeer other = start(holder);
        EmbeddedPeer kad = kadHolder(other);
        List<String> holders = List.of(other.address(), kad.address());
        EmbeddedPeer a = client(republishing(), NO_OFFSET, holders);
        EmbeddedPeer b = client(config(Mode.CLIENT), NO_OFFSET, holders);

        a.put(KEY, "z of a", Quorum.all());
        b.put(KEY, "a of b", Quorum.one());

        awaitSuperseded(a, "a of b");
        assertThat(kad.held(KEY)).hasValue("a of b");
        assertThat(client(config(Mode.CLIENT), NO_OFFSET, holders).get(KEY)).isEqualTo("a of b");
        awaitHeld(other, holder.storesLatest ? "a of b" : "z of a");
    }

    @Test
    void aGoHolderAloneKeepsTheTimeOfPublicationSoThatTheLaterPutStays() {
        LibraryPeer go = start(Holder.GO_PREFERS_LATEST);
        List<String> holders = List.of(go.address());
        EmbeddedPeer a = client(republishing(), NO_OFFSET, holders);
        EmbeddedPeer b = client(config(Mode.CLIENT), NO_OFFSET, holders);

        a.put(KEY, "1 of a", Quorum.one());
        b.put(KEY, "2 of b", Quorum.one());

        awaitSuperseded(a, "2 of b");
        client(config(Mode.CLIENT), NO_OFFSET, holders).get(KEY);
        awaitHeld(go, "2 of b");
    }

    /** The limit of mixed networks: nobody has kept the time of B's put, so that the record of A wins as the one with a stated time. */
    @ParameterizedTest
    @EnumSource(names = {"RUST", "JS"})
    void amongHoldersThatAllDropTheTimeTheLastArrivalWins(Holder holder) {
        LibraryPeer other = start(holder);
        List<String> holders = List.of(other.address());
        EmbeddedPeer a = client(republishing(), NO_OFFSET, holders);
        EmbeddedPeer b = client(config(Mode.CLIENT), NO_OFFSET, holders);

        a.put(KEY, "1 of a", Quorum.one());
        b.put(KEY, "2 of b", Quorum.one());

        awaitHeld(other, "1 of a");
        assertThat(a.held(KEY)).hasValue("1 of a");
        assertThat(a.events(RecordSuperseded.class)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aWriterWhoseClockIsMinutesLateLearnsOfTheRecordThatIsThereAndWinsAtItsSecondPut(Holder holder) {
        LibraryPeer other = start(holder);
        EmbeddedPeer kad = kadHolder(other);
        List<String> holders = List.of(other.address(), kad.address());
        EmbeddedPeer late = client(config(Mode.CLIENT), FIVE_MINUTES.negated(), holders);
        client(config(Mode.CLIENT), NO_OFFSET, holders).put(KEY, "1 of b", Quorum.all());

        assertSuperseded(() -> late.put(KEY, "2 of the late one", Quorum.all()));
        assertThat(kad.held(KEY)).hasValue("1 of b");
        assertThat(late.held(KEY)).hasValue("1 of b");

        late.put(KEY, "2 of the late one", Quorum.all());
        assertThat(kad.held(KEY)).hasValue("2 of the late one");
        assertThat(client(config(Mode.CLIENT), NO_OFFSET, holders).get(KEY)).isEqualTo("2 of the late one");
        awaitHeld(other, "2 of the late one");
    }

    /** The record that is there is further ahead of its clock than it takes records. */
    @ParameterizedTest
    @EnumSource
    void aWriterWhoseClockIsAnHourLateReplacesNothingAtKadHolders(Holder holder) {
        LibraryPeer other = start(holder);
        EmbeddedPeer kad = kadHolder(other);
        List<String> holders = List.of(other.address(), kad.address());
        EmbeddedPeer late = client(config(Mode.CLIENT), ONE_HOUR.negated(), holders);
        client(config(Mode.CLIENT), NO_OFFSET, holders).put(KEY, "1 of b", Quorum.all());

        for (int times = 0; times < 2; times++) {
            assertSuperseded(() -> late.put(KEY, "2 of the late one", Quorum.all()));
            assertThat(kad.held(KEY)).hasValue("1 of b");
        }
        assertThat(client(config(Mode.CLIENT), NO_OFFSET, holders).get(KEY)).isEqualTo("1 of b");
        awaitHeld(other, holder.storesLatest ? "1 of b" : "2 of the late one");
    }

    private static void assertSuperseded(ThrowingCallable put) {
        assertThatThrownBy(put).hasCauseInstanceOf(KadException.Superseded.class);
    }

    @ParameterizedTest
    @EnumSource
    void aWriterWhoseClockIsAnHourEarlyIsRefusedByKadHoldersAndItsRecordLosesOnReading(Holder holder) {
        LibraryPeer other = start(holder);
        EmbeddedPeer kad = kadHolder(other);
        List<String> holders = List.of(other.address(), kad.address());
        EmbeddedPeer early = client(config(Mode.CLIENT), ONE_HOUR, holders);
        EmbeddedPeer b = client(config(Mode.CLIENT), NO_OFFSET, holders);
        b.put(KEY, "1 of b", Quorum.all());

        assertThatThrownBy(() -> early.put(KEY, "2 of the early one", Quorum.all()))
                .hasCauseInstanceOf(KadException.QuorumNotReached.class);
        awaitHeld(other, "2 of the early one");
        assertThat(kad.held(KEY)).hasValue("1 of b");

        assertThat(client(config(Mode.CLIENT), NO_OFFSET, holders).get(KEY)).isEqualTo("1 of b");
        awaitHeld(other, holder.storesLatest ? "1 of b" : "2 of the early one");
    }

    @Test
    void aPublisherOfBeforeTheTimeOfPublicationTurnsNoKadHolderBack() {
        LibraryPeer before = peers.of(Implementation.RUST, "--client", "--republish", "1s");
        EmbeddedPeer kad = kadHolder();
        before.run("connect " + kad.address());
        before.awaitKnows(List.of(kad.peerId().toString()));
        EmbeddedPeer b = client(config(Mode.CLIENT), NO_OFFSET, List.of(kad.address()));

        before.run("put " + KEY + " '1 of before'");
        assertThat(kad.held(KEY)).hasValue("1 of before");
        b.put(KEY, "2 of b", Quorum.all());

        long served = puts(kad, before).count();
        await().atMost(PeerProcess.PATIENCE).until(() -> puts(kad, before).count() >= served + 2);
        assertThat(puts(kad, before).skip(served + 1).filter(RequestServed::accepted))
                .isEmpty();
        assertThat(kad.held(KEY)).hasValue("2 of b");
    }

    private static Stream<RequestServed> puts(EmbeddedPeer holder, PeerProcess writer) {
        return holder.events(RequestServed.class)
                .filter(event -> event.request().request() instanceof PutValue)
                .filter(event -> event.request().from().toString().equals(writer.peerId()));
    }

    @Test
    void aReaderOfBeforeThatCorrectsByMajorityTurnsNoKadHolderBack() {
        LibraryPeer first = start(Holder.RUST);
        LibraryPeer second = start(Holder.RUST);
        EmbeddedPeer kad = kadHolder(first, second);
        List<String> holders = List.of(first.address(), second.address(), kad.address());
        client(config(Mode.CLIENT), NO_OFFSET, holders).put(KEY, "1 of a", Quorum.all());
        EmbeddedPeer b = client(config(Mode.CLIENT), NO_OFFSET, List.of(kad.address()));
        b.putTo(KEY, "2 of b", kad.address());
        assertThat(kad.held(KEY)).hasValue("2 of b");

        LibraryPeer reader = peers.of(Implementation.RUST, "--client");
        holders.forEach(address -> reader.run("connect " + address));
        reader.awaitKnows(List.of(first.peerId(), second.peerId(), kad.peerId().toString()));
        Answer read = reader.run("get " + KEY + " --correct");
        assertThat(read.text("text")).isEqualTo("1 of a");
        assertThat(read.last().path("corrected")).isEmpty();
        assertThat(kad.held(KEY)).hasValue("2 of b");

        assertThat(client(config(Mode.CLIENT), NO_OFFSET, holders).get(KEY)).isEqualTo("2 of b");
        awaitHeld(first, "2 of b");
        awaitHeld(second, "2 of b");
    }
}
