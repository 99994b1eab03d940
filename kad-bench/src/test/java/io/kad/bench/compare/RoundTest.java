package io.kad.bench.compare;

import static io.kad.bench.compare.Implementation.GO;
import static io.kad.bench.compare.Implementation.JS;
import static io.kad.bench.compare.Implementation.KAD;
import static io.kad.bench.compare.Implementation.RUST;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RoundTest {

    @Test
    void eachRoundHasAnotherOrderThanTheOneBeforeTheFirstOneToo() {
        List<Implementation> both = List.of(KAD, GO);
        List<Implementation> turned = List.of(GO, KAD);
        List<Round> rounds = Round.all(2, both);
        assertThat(rounds).containsExactly(new Round(0, both), new Round(1, turned), new Round(2, both));
        assertThat(rounds).extracting(Round::counts).containsExactly(false, true, true);
    }

    @Test
    void eachImplementationIsFirstOnceInAsManyRounds() {
        List<Round> rounds = Round.all(4, List.of(Implementation.values()));
        assertThat(rounds.subList(1, 5))
                .extracting(round -> round.order().get(0))
                .containsExactlyInAnyOrder(KAD, RUST, GO, JS);
    }

    @Test
    void kadIsFirstOnceInFiveRoundsOfFour() {
        List<Round> rounds = Round.all(5, List.of(Implementation.values()));
        assertThat(rounds.subList(1, 6))
                .filteredOn(round -> round.order().get(0) == KAD)
                .hasSize(1);
    }
}
