package io.kad.transport.netty.multistream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;

/** Listener that records the result of a negotiation. */
final class RecordedNegotiation implements NegotiationListener {
    private final List<String> agreed = new ArrayList<>();
    private final List<NegotiationException> failed = new ArrayList<>();

    @Override
    public void onAgreed(Channel channel, String protocol) {
        agreed.add(protocol);
    }

    @Override
    public void onNegotiationFailed(Channel channel, NegotiationException cause) {
        failed.add(cause);
    }

    void assertAgreed(String protocol) {
        assertThat(failed).isEmpty();
        assertThat(agreed).containsExactly(protocol);
    }

    void assertFailed(NegotiationException.Reason reason) {
        assertThat(agreed).isEmpty();
        assertThat(failed).extracting(NegotiationException::reason).containsExactly(reason);
    }

    void assertPending() {
        assertThat(agreed).isEmpty();
        assertThat(failed).isEmpty();
    }

    List<String> agreed() {
        return List.copyOf(agreed);
    }

    List<NegotiationException> failed() {
        return List.copyOf(failed);
    }

    int calls() {
        return agreed.size() + failed.size();
    }
}
