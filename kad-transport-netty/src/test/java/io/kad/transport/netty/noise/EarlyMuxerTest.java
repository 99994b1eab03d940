package io.kad.transport.netty.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyMuxerTest {

    @Test
    void theFirstMuxerOfTheInitiatorThatTheResponderSupportsIsChosen() throws NoiseException {
        assertThat(EarlyMuxer.choose(List.of("/x", "/b", "/a"), List.of("/a", "/b")))
                .contains("/b");
    }

    @Test
    void noMuxerIsChosenIfOneListIsEmpty() throws NoiseException {
        assertThat(EarlyMuxer.choose(List.of(), List.of("/a"))).isEmpty();
        assertThat(EarlyMuxer.choose(List.of("/a"), List.of())).isEmpty();
    }

    @Test
    void listsWithoutACommonMuxerAreAnError() {
        assertThatThrownBy(() -> EarlyMuxer.choose(List.of("/a"), List.of("/b")))
                .isInstanceOfSatisfying(
                        NoiseException.class,
                        e -> assertThat(e.reason()).isEqualTo(NoiseException.Reason.NO_COMMON_MUXER));
    }
}
