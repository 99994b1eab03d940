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

    private ByteBudget.Share open(String range, String name) {
        return budget.addConnection(range, () -> evicted.add(name));
    }

    private static String range(String address) {
        return RemoteSource.of(
                        AddressPattern.TCP.socket(Multiaddr.parse(address)).orElseThrow())
                .group();
    }

    @Test
    void nothingIsEvictedWithinTheLimit() {
        open("a", "a1").add(60);
        open("b", "b1").add(40);
        assertThat(evicted).isEmpty();
        assertThat(budget.used()).isEqualTo(100);
    }

    @Test
    void theHeaviestConnectionOfTheHeaviestRangeIsEvicted() {
        open("a", "a1").add(40);
        open("b", "b1").add(30);
        open("b", "b2").add(20);
        open("b", "b3").add(1);
        open("c", "c1").add(10);
        assertThat(evicted).containsExactly("b1");
    }

    @Test
    void ofSimilarOnesItIsTheOneWithoutProgress() {
        ByteBudget.Share reading = open("a", "reading");
        reading.add(50);
        open("b", "stalled").add(48);
        long before = System.nanoTime();
        await().until(() -> System.nanoTime() > before);
        reading.progressed();
        open("c", "small").add(5);
        assertThat(evicted).containsExactly("stalled");
    }

    @Test
    void theBytesOfAnEvictedConnectionCountOnceMoreWhenTheyAreTooMany() {
        budget = new ByteBudget(10 * ByteBudget.FREE_BYTES);
        open("a", "a1").add(11 * ByteBudget.FREE_BYTES); // evicted, and it still holds its bytes
        assertThat(evicted).containsExactly("a1");
        ByteBudget.Share other = open("b", "b1");
        other.add(4 * ByteBudget.FREE_BYTES);
        assertThat(evicted).containsExactly("a1");
        other.add(ByteBudget.FREE_BYTES);
        assertThat(evicted).as("more than one and a half times the limit").containsExactly("a1", "b1");
    }

    @Test
    void aConnectionThatHoldsLittleIsNotEvictedForTheBytesOfEvictedOnes() {
        budget = new ByteBudget(10 * ByteBudget.FREE_BYTES);
        open("a", "a1").add(16 * ByteBudget.FREE_BYTES); // evicted, and it still holds its bytes
        assertThat(evicted).containsExactly("a1");
        ByteBudget.Share honest = open("b", "b1");
        honest.add(1);
        honest.add(ByteBudget.FREE_BYTES - 2);
        assertThat(evicted).containsExactly("a1");
        honest.add(1);
        assertThat(evicted).as("at the floor").containsExactly("a1", "b1");
    }

    @Test
    void bytesThatAnEvictedConnectionAddsOrLosesDoNotCountForTheOthers() {
        ByteBudget.Share leaving = open("a", "a1");
        leaving.add(101);
        leaving.add(10);
        leaving.add(-111);
        leaving.close();
        open("b", "b1").add(100);
        assertThat(evicted).containsExactly("a1");
        open("c", "c1").add(1);
        assertThat(evicted).containsExactly("a1", "b1");
    }

    @Test
    void manyPeersOfAPrivateNetworkDoNotOutweighOneAttacker() {
        for (int host = 1; host <= 50; host++) {
            open(range("/ip4/192.168.1." + host + "/tcp/1"), "honest").add(1);
        }
        open(range("/ip4/192.0.2.1/tcp/1"), "attacker").add(49);
        open(range("/ip4/192.168.1.60/tcp/1"), "honest").add(2);
        assertThat(evicted).containsExactly("attacker");
    }

    @Test
    void aShareThatIsClosedHoldsItsBytesUntilTheyAreGone() {
        ByteBudget.Share share = open("a", "a1");
        share.add(70);
        share.close();
        assertThat(budget.used()).isEqualTo(70);
        share.add(-70);
        assertThat(budget.used()).isZero();
    }

    @Test
    void aConnectionThatDropsAPartStays() {
        List<ByteBudget.Share> partDropped = new ArrayList<>();
        ByteBudget.Share share = budget.addConnection("a", () -> evicted.add("a1"), each -> partDropped.add(each));
        share.add(90);
        open("b", "b1").add(20);
        assertThat(partDropped).containsExactly(share);
        share.add(-60);
        share.partDropped();
        assertThat(evicted).isEmpty();
        share.add(60);
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
