package io.kad.transport.netty.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.limit.LimitId;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Dials of a {@link DialerFixture} for calls that allow few of them, as those of a lookup do. */
class AllowedDialsTest extends DialerFixture {

    AllowedDialsTest() {
        super(1);
    }

    @Test
    void aCallCausesAsManyAttemptsAsItAllows() {
        refuse = true;
        Dialer dialer = dialer(config());
        Call call = new Call(dialer, withAddresses(1, 16), LONG, 5);
        TransportFailure failure = call.failure.join();
        assertThat(connecting).hasSize(5);
        assertThat(failedAddresses).as("the others are not to blame").hasSize(5);
        assertThat(counters.get(LimitId.LOOKUP_DIALS)).isEqualTo(11);
        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        await().until(slots::isEmpty);
        TransportFailure none = new Call(dialer, peer(2, "/ip4/198.18.1.1/tcp/1"), LONG, 0).failure.join();
        assertThat(none.message()).contains("max-lookup-dials");
    }

    @Test
    void theFailureOfAnAddressIsReportedRatherThanTheLimitOfTheCall() {
        Dialer dialer = dialer(config());
        Call call = new Call(dialer, withAddresses(1, 2), LONG, 1);
        await().until(() -> counters.get(LimitId.LOOKUP_DIALS) == 1);
        awaitConnecting(1);
        connecting.element().failLater(Kind.REFUSED);
        TransportFailure failure = call.failure.join();
        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure.message()).contains("as the test says");
    }

    @Test
    void theLimitOfTheCallIsReportedRatherThanAnAddressThatIsLeftAlone() {
        refuse = true;
        Dialer dialer = dialer(config());
        dial(dialer, peer(1, "/ip4/198.18.0.1/tcp/1")).failure.join();
        TransportFailure failure =
                new Call(dialer, peer(1, "/ip4/198.18.0.2/tcp/1", "/ip4/198.18.0.1/tcp/1"), LONG, 0).failure.join();
        assertThat(failure.kind()).isEqualTo(Kind.OVERLOADED);
        assertThat(failure.message()).contains("max-lookup-dials");
    }

    @Test
    void whatOneCallDoesNotAllowAnotherOneMay() {
        Dialer dialer = dialer(config());
        CompletableFuture<Void> created = new CompletableFuture<>();
        // The second call comes before the attempts that the first one does not allow: the event loop does nothing
        // meanwhile
        group.execute(created::join);
        Call first = new Call(dialer, withAddresses(1, 3), LONG, 1);
        Call second = dial(dialer, withAddresses(1, 3));
        created.complete(null);
        awaitConnecting(3);
        second.operation.cancel();
        first.operation.cancel();
        await().until(slots::isEmpty);
        assertThat(counters.get(LimitId.LOOKUP_DIALS)).isZero();
    }

    @Test
    void whatOneCallDidNotAllowALaterOneMay() {
        Dialer dialer = dialer(config());
        Call first = new Call(dialer, withAddresses(1, 3), LONG, 1);
        await().until(() -> counters.get(LimitId.LOOKUP_DIALS) == 2);
        Call second = dial(dialer, withAddresses(1, 3));
        awaitConnecting(3);
        second.operation.cancel();
        first.operation.cancel();
        await().until(slots::isEmpty);
    }

    @Test
    void addressesThatTheUserHasGivenDoNotCountForACall() {
        Dialer dialer = dialer(config());
        PeerInfo peer = withAddresses(1, 3);
        dialer.trusted().add(peer);
        Call call = new Call(dialer, peer, LONG, 0);
        awaitConnecting(3);
        call.operation.cancel();
        await().until(slots::isEmpty);
    }
}
