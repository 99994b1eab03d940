package io.kad.transport.netty.dial;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.support.TestTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DialSlotsTest {

    private final List<Object> fullHosts = new ArrayList<>();
    private final List<String> granted = new ArrayList<>();
    private final List<String> evicted = new ArrayList<>();

    private DialSlots slots(int max, int perHost) {
        return new DialSlots(max, perHost, fullHosts::add);
    }

    private DialSlots.Slot request(DialSlots slots, String host, int port) {
        Multiaddr address = Multiaddr.parse("/ip4/" + host + "/tcp/" + port);
        String name = host + ":" + port;
        DialTarget target = new SocketTarget(address, TestTransport.endpoint(address.toString()), false);
        return slots.request(target, new DialSlots.Listener() {
            @Override
            public void onGranted() {
                granted.add(name);
            }

            @Override
            public void onEvicted() {
                evicted.add(name);
            }
        });
    }

    @Test
    void furtherAttemptsWaitAndHostsTakeTurns() {
        DialSlots slots = slots(2, 8);
        DialSlots.Slot first = request(slots, "192.0.2.1", 1);
        DialSlots.Slot second = request(slots, "192.0.2.1", 2);
        request(slots, "192.0.2.1", 3);
        request(slots, "192.0.2.1", 4);
        request(slots, "192.0.2.2", 1);
        assertThat(granted).containsExactly("192.0.2.1:1", "192.0.2.1:2");
        first.release();
        second.release();
        assertThat(granted.subList(2, 4)).containsExactly("192.0.2.1:3", "192.0.2.2:1");
        assertThat(slots.active()).isEqualTo(2);
    }

    @Test
    void aHostHasALimitWhichDoesNotHoldUpOthers() {
        DialSlots slots = slots(100, 2);
        List<DialSlots.Slot> attack = IntStream.range(1, 50)
                .mapToObj(port -> request(slots, "192.0.2.1", port))
                .toList();
        assertThat(granted).hasSize(2);
        assertThat(fullHosts).hasSize(47);
        request(slots, "192.0.2.2", 1);
        assertThat(granted).last().isEqualTo("192.0.2.2:1");
        attack.get(0).becomeLate();
        assertThat(granted).as("a late attempt counts at its host").hasSize(3);
        attack.get(0).release();
        assertThat(granted).last().isEqualTo("192.0.2.1:3");
    }

    @Test
    void loopbackHasNoLimitOfAHostButOneAttemptAtAnAddress() {
        DialSlots slots = slots(100, 1);
        DialSlots.Slot first = request(slots, "127.0.0.1", 1);
        request(slots, "127.0.0.1", 1);
        request(slots, "127.0.0.1", 2);
        assertThat(granted).containsExactly("127.0.0.1:1", "127.0.0.1:2");
        first.release();
        assertThat(granted).last().isEqualTo("127.0.0.1:1");
    }

    @Test
    void oneAddressHasOneAttempt() {
        DialSlots slots = slots(100, 8);
        DialSlots.Slot first = request(slots, "192.0.2.1", 1);
        request(slots, "192.0.2.1", 1);
        request(slots, "192.0.2.1", 2);
        assertThat(granted).containsExactly("192.0.2.1:1", "192.0.2.1:2");
        first.release();
        assertThat(granted).hasSize(3);
    }

    @Test
    void aLateAttemptLendsItsSlotAndTheOldestEndsWhenThereAreTooMany() {
        DialSlots slots = slots(1, 8);
        for (int host = 1; host <= DialSlots.OPEN_PER_SLOT; host++) {
            request(slots, "192.0.2." + host, 1).becomeLate();
        }
        assertThat(granted).hasSize(DialSlots.OPEN_PER_SLOT);
        assertThat(slots.late()).isEqualTo(DialSlots.OPEN_PER_SLOT);
        assertThat(evicted).isEmpty();
        request(slots, "192.0.2.100", 1);
        assertThat(granted).last().isEqualTo("192.0.2.100:1");
        assertThat(evicted).containsExactly("192.0.2.1:1");
        assertThat(slots.late()).isEqualTo(DialSlots.OPEN_PER_SLOT - 1);
    }

    @Test
    void nothingIsLeftWhenAllHaveEnded() {
        DialSlots slots = slots(1, 1);
        List<DialSlots.Slot> all = new ArrayList<>();
        for (int port = 1; port < 10; port++) {
            all.add(request(slots, "192.0.2.1", port));
            all.add(request(slots, "127.0.0.1", port % 3 + 1));
        }
        all.get(0).becomeLate();
        all.get(5).release();
        all.forEach(DialSlots.Slot::release);
        all.forEach(DialSlots.Slot::release);
        assertThat(slots.isEmpty()).isTrue();
        request(slots, "192.0.2.1", 1);
        assertThat(granted).last().isEqualTo("192.0.2.1:1");
    }
}
