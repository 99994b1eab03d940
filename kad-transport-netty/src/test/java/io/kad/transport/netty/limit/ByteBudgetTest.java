package io.kad.transport.netty.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.transport.AddressPattern;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Choice of the connection that is closed when a node holds too much. */
class ByteBudgetTest {

    private ByteBudget budget = new ByteBudget(100);
    private final List<String> evicted = new ArrayList<>();

    private ByteBudget.Account open(String range, String name) {
        return budget.addConnection(range, () -> evicted.add(name));
    }

    private static String range(String address) {
        return RemoteSource.of(
                        AddressPattern.TCP.socket(Multiaddr.parse(address)).orElseThrow())
                .group();
    }

    @Test
    void nothingIsEvictedWithinTheLimit() {
        open("a", "a1").charge(60);
        open("b", "b1").charge(40);
        assertThat(evicted).isEmpty();
        assertThat(budget.chargedBytes()).isEqualTo(100);
    }

    @Test
    void theHeaviestConnectionOfTheHeaviestRangeIsEvicted() {
        open("a", "a1").charge(40);
        open("b", "b1").charge(30);
        open("b", "b2").charge(20);
        open("b", "b3").charge(1);
        open("c", "c1").charge(10);
        assertThat(evicted).containsExactly("b1");
    }

    @Test
    void ofSimilarOnesItIsTheOneWithoutProgress() {
        ByteBudget.Account reading = open("a", "reading");
        reading.charge(50);
        open("b", "stalled").charge(48);
        awaitNextNano();
        reading.progressed();
        open("c", "small").charge(5);
        assertThat(evicted).containsExactly("stalled");
    }

    @Test
    void connectionsThatAreOpenedAreNoProgressOfTheirRange() {
        ByteBudget.Account reading = open("a", "reading");
        reading.charge(48);
        open("b", "stalled").charge(45);
        awaitNextNano();
        reading.progressed();
        awaitNextNano();
        open("b", "new").charge(2);
        open("c", "small").charge(6);
        assertThat(evicted).containsExactly("stalled");
    }

    @Test
    void theProgressOfOneConnectionIsNoneOfTheHeaviestOfItsRange() {
        ByteBudget.Account reading = open("a", "reading");
        reading.charge(48);
        open("b", "stalled").charge(40);
        ByteBudget.Account busy = open("b", "busy");
        busy.charge(6);
        awaitNextNano();
        reading.progressed();
        awaitNextNano();
        busy.progressed();
        open("c", "small").charge(7);
        assertThat(evicted).containsExactly("stalled");
    }

    @Test
    void aConnectionThatHeldNothingForLongIsNotTheOneWithoutProgress() {
        ByteBudget.Account idle = open("a", "idle");
        awaitNextNano();
        open("b", "stalled").charge(48);
        awaitNextNano();
        idle.charge(50);
        open("c", "small").charge(5);
        assertThat(evicted).containsExactly("stalled");
    }

    @Test
    void aConnectionWhoseBytesWereAllHandledIsNotTheOneWithoutProgress() {
        ByteBudget.Account idle = open("a", "idle");
        idle.charge(1);
        idle.release(1);
        awaitNextNano();
        open("b", "stalled").charge(48);
        awaitNextNano();
        idle.charge(50);
        open("c", "small").charge(5);
        assertThat(evicted).containsExactly("stalled");
    }

    private static void awaitNextNano() {
        long before = System.nanoTime();
        await().until(() -> System.nanoTime() > before);
    }

    @Test
    void theBytesOfAnEvictedConnectionCountOnceMoreWhenTheyAreTooMany() {
        budget = new ByteBudget(10 * ByteBudget.MIN_EVICTED_BYTES);
        open("a", "a1").charge(11 * ByteBudget.MIN_EVICTED_BYTES); // evicted, and it still holds its bytes
        assertThat(evicted).containsExactly("a1");
        ByteBudget.Account other = open("b", "b1");
        other.charge(4 * ByteBudget.MIN_EVICTED_BYTES);
        assertThat(evicted).containsExactly("a1");
        other.charge(ByteBudget.MIN_EVICTED_BYTES);
        assertThat(evicted).as("more than one and a half times the limit").containsExactly("a1", "b1");
    }

    @Test
    void aConnectionThatHoldsLittleIsNotEvictedForTheBytesOfEvictedOnes() {
        budget = new ByteBudget(10 * ByteBudget.MIN_EVICTED_BYTES);
        open("a", "a1").charge(16 * ByteBudget.MIN_EVICTED_BYTES); // evicted, and it still holds its bytes
        assertThat(evicted).containsExactly("a1");
        ByteBudget.Account honest = open("b", "b1");
        honest.charge(1);
        honest.charge(ByteBudget.MIN_EVICTED_BYTES - 2);
        assertThat(evicted).containsExactly("a1");
        honest.charge(1);
        assertThat(evicted).as("at the floor").containsExactly("a1", "b1");
    }

    @Test
    void bytesThatAnEvictedConnectionAddsOrLosesDoNotCountForTheOthers() {
        ByteBudget.Account leaving = open("a", "a1");
        leaving.charge(101);
        leaving.charge(10);
        leaving.release(111);
        leaving.close();
        open("b", "b1").charge(100);
        assertThat(evicted).containsExactly("a1");
        open("c", "c1").charge(1);
        assertThat(evicted).containsExactly("a1", "b1");
    }

    @Test
    void manyPeersOfAPrivateNetworkDoNotOutweighOneAttacker() {
        for (int host = 1; host <= 50; host++) {
            open(range("/ip4/192.168.1." + host + "/tcp/1"), "honest").charge(1);
        }
        open(range("/ip4/192.0.2.1/tcp/1"), "attacker").charge(49);
        open(range("/ip4/192.168.1.60/tcp/1"), "honest").charge(2);
        assertThat(evicted).containsExactly("attacker");
    }

    @Test
    void aShareThatIsClosedHoldsItsBytesUntilTheyAreGone() {
        ByteBudget.Account share = open("a", "a1");
        share.charge(70);
        share.close();
        assertThat(budget.chargedBytes()).isEqualTo(70);
        share.release(70);
        assertThat(budget.chargedBytes()).isZero();
    }

    @Test
    void aConnectionThatDropsAPartStays() {
        List<ByteBudget.Account> partDropped = new ArrayList<>();
        ByteBudget.Account share = budget.addConnection("a", () -> evicted.add("a1"), each -> partDropped.add(each));
        share.charge(90);
        open("b", "b1").charge(20);
        assertThat(partDropped).containsExactly(share);
        share.release(60);
        share.partDropped();
        assertThat(evicted).isEmpty();
        share.charge(60);
        assertThat(partDropped).containsExactly(share, share);
        share.nothingToDrop();
        share.nothingToDrop();
        share.partDropped();
        assertThat(evicted).containsExactly("a1");
    }

    @Test
    void aLimitIsAtLeastOneByte() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ByteBudget(0))
                .withMessage("limit must be at least 1, got 0");
    }

    @Test
    void aRangeIsA24OrA48AndEachLoopbackConnectionIsItsOwn() {
        assertThat(range("/ip4/192.0.2.1/tcp/1"))
                .isEqualTo(range("/ip4/192.0.2.200/tcp/2"))
                .isNotEqualTo(range("/ip4/192.0.3.1/tcp/1"));
        assertThat(range("/ip6/2001:db8:1:2::1/tcp/1"))
                .isEqualTo(range("/ip6/2001:db8:1:9::1/tcp/1"))
                .isNotEqualTo(range("/ip6/2001:db8:2:2::1/tcp/1"));
        for (String local : List.of("10.0.0.", "172.16.0.", "192.168.0.", "169.254.0.", "100.64.0.")) {
            assertThat(range("/ip4/" + local + "1/tcp/1"))
                    .isEqualTo(range("/ip4/" + local + "1/tcp/2"))
                    .isNotEqualTo(range("/ip4/" + local + "2/tcp/1"));
        }
        for (String local : List.of("fd00:", "fe80:")) {
            assertThat(range("/ip6/" + local + ":1/tcp/1")).isNotEqualTo(range("/ip6/" + local + ":2/tcp/1"));
        }
        assertThat(range("/ip4/127.0.0.1/tcp/1")).isNotEqualTo(range("/ip4/127.0.0.1/tcp/2"));
    }
}
