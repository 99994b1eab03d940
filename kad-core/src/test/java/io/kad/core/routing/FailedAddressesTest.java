package io.kad.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Multiaddr;
import io.kad.core.engine.Peers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailedAddressesTest {

    @Test
    void theOldestIsForgottenBeyondTheLimit() {
        FailedAddresses failed = new FailedAddresses();
        for (int number = 0; number <= FailedAddresses.MAX_ADDRESSES; number++) {
            failed.add(Peers.peer(1), Peers.address(number));
        }
        List<Multiaddr> taken = new ArrayList<>();
        failed.takeAll((peer, address) -> taken.add(address));
        assertThat(taken).hasSize(FailedAddresses.MAX_ADDRESSES).doesNotContain(Peers.address(0));
        failed.takeAll((peer, address) -> taken.add(address));
        assertThat(taken).hasSize(FailedAddresses.MAX_ADDRESSES);
    }
}
