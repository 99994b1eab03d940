package io.kad.transport.netty.noise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MessageSizesTest {

    private final MessageSizes sizes = new MessageSizes();

    @Test
    void aConnectionHasSentNothing() {
        assertThat(sizes.expected()).isZero();
    }

    @Test
    void messagesOfOneSizeAreExpectedToGoOn() {
        sizes.add(1400);
        sizes.add(1400);

        assertThat(sizes.expected()).isEqualTo(1400);
    }

    @Test
    void aSmallMessageBetweenLargeOnesGetsNoLargeBuffer() {
        for (int turn = 0; turn < 10; turn++) {
            sizes.add(60_000);
            assertThat(sizes.expected()).isLessThanOrEqualTo(10);
            sizes.add(10);
            assertThat(sizes.expected()).isEqualTo(10);
        }
    }
}
