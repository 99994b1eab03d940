package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ReplayableRandomTest {

    private static final int DRAWS = 200;

    @Property(tries = 200)
    void itsNumbersAreThoseOfSplittableRandom(@ForAll long seed) {
        SplittableRandom expected = new SplittableRandom(seed);
        ReplayableRandom actual = new ReplayableRandom(seed);
        for (int generation = 0; generation < 5; generation++) {
            assertSame(actual, expected);
            expected = expected.split();
            actual = actual.split();
        }
    }

    private static void assertSame(RandomGenerator actual, RandomGenerator expected) {
        byte[] actualBytes = new byte[37];
        byte[] expectedBytes = new byte[37];
        for (int draw = 1; draw <= DRAWS; draw++) {
            assertThat(actual.nextLong()).isEqualTo(expected.nextLong());
            assertThat(actual.nextInt()).isEqualTo(expected.nextInt());
            assertThat(actual.nextInt(draw)).isEqualTo(expected.nextInt(draw));
            assertThat(actual.nextInt((1 << 30) + draw)).isEqualTo(expected.nextInt((1 << 30) + draw));
            assertThat(actual.nextLong(1L << draw % 63)).isEqualTo(expected.nextLong(1L << draw % 63));
            assertThat(actual.nextLong(draw, 3L * draw)).isEqualTo(expected.nextLong(draw, 3L * draw));
            assertThat(actual.nextDouble()).isEqualTo(expected.nextDouble());
            assertThat(actual.nextBoolean()).isEqualTo(expected.nextBoolean());
            actual.nextBytes(actualBytes);
            expected.nextBytes(expectedBytes);
            assertThat(actualBytes).isEqualTo(expectedBytes);
        }
    }

    @Property(tries = 50)
    void aStateGivesTheSameNumbersAgain(@ForAll long seed) {
        ReplayableRandom random = new ReplayableRandom(seed).split();
        random.nextLong();
        long state = random.state();
        int[] first = random.ints(DRAWS, 0, 1000).toArray();
        assertThat(random.from(state).ints(DRAWS, 0, 1000).toArray()).isEqualTo(first);
    }
}
