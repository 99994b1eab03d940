package io.kad.transport.netty.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.spi.transport.ConnectionInfo.Direction;
import io.kad.transport.netty.connection.PruningRules.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PruningRulesTest {

    private final PruningRules rules = new PruningRules(Duration.ofSeconds(20));
    private final List<Candidate<String>> all = new ArrayList<>();

    private void add(
            String name, Direction direction, boolean isProtected, int ageSeconds, int unusedSeconds, String group) {
        all.add(new Candidate<>(
                name,
                direction,
                isProtected,
                Duration.ofSeconds(ageSeconds).toNanos(),
                Duration.ofSeconds(unusedSeconds).toNanos(),
                group));
    }

    private void inbound(String name, int unusedSeconds) {
        add(name, Direction.INBOUND, false, 1000, unusedSeconds, name);
    }

    @Test
    void theIdleOnesThatAreUnusedForTheLongestTimeAreClosedFirst() {
        inbound("old", 300);
        inbound("used", 19);
        inbound("oldest", 301);
        inbound("young", 20);
        add("protected", Direction.INBOUND, true, 1000, 1000, "p");
        add("outbound", Direction.OUTBOUND, false, 1000, 1000, "o");
        assertThat(rules.idle(all, Direction.INBOUND, 2)).containsExactly("oldest", "old");
        assertThat(rules.idle(all, Direction.INBOUND, 10)).containsExactly("oldest", "old", "young");
        assertThat(rules.leastUseful(all, Direction.INBOUND, "newcomer")).contains("oldest");
    }

    @Test
    void anInboundOneThatIsUsedOrProtectedDoesNotGiveWay() {
        inbound("used", 19);
        add("protected", Direction.INBOUND, true, 1000, 1000, "p");
        assertThat(rules.leastUseful(all, Direction.INBOUND, "newcomer")).isEmpty();
    }

    @Test
    void anInboundOneThatWasNeverUsedGivesWayAfterASecond() {
        add("new", Direction.INBOUND, false, 0, 0, "a");
        add("used", Direction.INBOUND, false, 19, 18, "b");
        add("protected", Direction.INBOUND, true, 18, 18, "c");
        add("outbound", Direction.OUTBOUND, false, 4, 4, "d");
        assertThat(rules.leastUseful(all, Direction.INBOUND, "newcomer")).isEmpty();
        add("never used", Direction.INBOUND, false, 1, 1, "e");
        add("longer never used", Direction.INBOUND, false, 2, 2, "f");
        assertThat(rules.leastUseful(all, Direction.INBOUND, "newcomer")).contains("longer never used");
        assertThat(rules.leastUseful(all, Direction.INBOUND, "f"))
                .as("for a newcomer of any group")
                .contains("longer never used");
        assertThat(rules.leastUseful(all, Direction.OUTBOUND, "newcomer"))
                .as("the local peer knows what it has opened one for")
                .isEmpty();
        assertThat(rules.idle(all, Direction.INBOUND, 10))
                .as("while there is room")
                .isEmpty();
    }

    @Test
    void anOutboundOneGivesWayEarlierAndIfThereIsNoOtherAlsoAProtectedOne() {
        add("in use", Direction.OUTBOUND, false, 1000, 4, "a");
        add("protected", Direction.OUTBOUND, true, 1000, 900, "b");
        assertThat(rules.leastUseful(all, Direction.OUTBOUND, "newcomer")).contains("protected");
        add("idle", Direction.OUTBOUND, false, 1000, 5, "c");
        assertThat(rules.leastUseful(all, Direction.OUTBOUND, "newcomer")).contains("idle");
    }

    @Test
    void aGroupWithMostOfTheConnectionsGivesOneToANewcomerThoughAllAreUsed() {
        for (int number = 0; number < 20; number++) {
            add("many-" + number, Direction.INBOUND, false, 30 + number, number % 10, "many");
            add("single-" + number, Direction.INBOUND, false, 1000, 1, "single-" + number);
        }
        assertThat(rules.leastUseful(all, Direction.INBOUND, "newcomer").orElseThrow())
                .isIn("many-9", "many-19");
        assertThat(rules.leastUseful(all, Direction.INBOUND, "many").orElseThrow())
                .as("for one of its own the one that is unused for the longest time")
                .isIn("many-9", "many-19");
    }

    @Test
    void aGroupWithMostOfTheConnectionsGivesOneOfItsOwnThatPauses() {
        for (int number = 0; number < 20; number++) {
            add("many-" + number, Direction.INBOUND, false, 30 + number, 1, "many");
        }
        assertThat(rules.leastUseful(all, Direction.INBOUND, "many")).isEmpty();
        add("pausing", Direction.INBOUND, false, 5, 2, "many");
        add("single", Direction.INBOUND, false, 5, 4, "single");
        assertThat(rules.leastUseful(all, Direction.INBOUND, "many")).contains("pausing");
    }

    @Test
    void aGroupWithMostOfTheConnectionsKeepsNoneThatWasNeverUsed() {
        for (int number = 0; number < 20; number++) {
            add("many-" + number, Direction.INBOUND, false, 0, 0, "many");
            add("single-" + number, Direction.INBOUND, false, 9, 9, "single-" + number);
        }
        assertThat(rules.leastUseful(all, Direction.INBOUND, "newcomer").orElseThrow())
                .as("the older ones of others are not in excess")
                .startsWith("many-");
        assertThat(rules.leastUseful(all, Direction.INBOUND, "many").orElseThrow())
                .startsWith("many-");
    }

    @Test
    void aNewConnectionOfALargeGroupHasItsGracePeriod() {
        for (int number = 0; number < 20; number++) {
            add("many-" + number, Direction.INBOUND, false, 19, 1, "many");
        }
        assertThat(rules.leastUseful(all, Direction.INBOUND, "newcomer")).isEmpty();
    }

    @Test
    void aPlaceThatWasLentIsAlwaysGivenBackByTheLeastUsefulFirst() {
        add("outbound", Direction.OUTBOUND, false, 1000, 1000, "o");
        assertThat(rules.leastOf(all, Direction.INBOUND)).isEmpty();
        add("protected", Direction.INBOUND, true, 1000, 900, "a");
        assertThat(rules.leastOf(all, Direction.INBOUND)).contains("protected");
        add("in use", Direction.INBOUND, false, 10, 0, "b");
        assertThat(rules.leastOf(all, Direction.INBOUND)).contains("in use");
        add("used", Direction.INBOUND, false, 10, 1, "c");
        assertThat(rules.leastOf(all, Direction.INBOUND)).contains("used");
        add("never used", Direction.INBOUND, false, 1, 1, "d");
        assertThat(rules.leastOf(all, Direction.INBOUND)).contains("never used");
        add("idle", Direction.INBOUND, false, 30, 25, "e");
        assertThat(rules.leastOf(all, Direction.INBOUND)).contains("idle");
        add("outbound in use", Direction.OUTBOUND, false, 30, 0, "f");
        assertThat(rules.leastOf(all, Direction.OUTBOUND)).contains("outbound");
    }
}
