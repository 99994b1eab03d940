package io.kad.transport.netty.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.dial.SocketAddresses;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Choice of the connection that is closed when a node holds too much. */
class ByteBudgetTest {

    private final ByteBudget budget = new ByteBudget(100);
    private final List<String> evicted = new ArrayList<>();

    private ByteBudget.Share open(String range, String name) {
        return budget.open(range, () -> evicted.add(name));
    }

    private static String range(String address) {
        return AddressRange.of(SocketAddresses.of(Multiaddr.parse(address)).orElseThrow());
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
        open("a", "a1").add(101); // evicted, and it still holds its bytes
        assertThat(evicted).containsExactly("a1");
        ByteBudget.Share other = open("b", "b1");
        other.add(40);
        assertThat(evicted).containsExactly("a1");
        other.add(20);
        assertThat(evicted).as("more than one and a half times the limit").containsExactly("a1", "b1");
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
        assertThat(range("/ip4/127.0.0.1/tcp/1")).isNotEqualTo(range("/ip4/127.0.0.1/tcp/2"));
    }
}
