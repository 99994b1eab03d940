package io.kad.transport.netty.dial;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Multiaddr;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DialPlacesTest {

    private final List<Object> fullHosts = new ArrayList<>();
    private final List<String> granted = new ArrayList<>();
    private final List<String> evicted = new ArrayList<>();

    private DialPlaces places(int max, int perHost) {
        return new DialPlaces(max, perHost, fullHosts::add);
    }

    private DialPlaces.Place request(DialPlaces places, String host, int port) {
        Multiaddr address = Multiaddr.parse("/ip4/" + host + "/tcp/" + port);
        String name = host + ":" + port;
        DialTarget target = new DialTarget(address, SocketAddresses.of(address).orElseThrow(), false);
        return places.request(target, new DialPlaces.Listener() {
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
        DialPlaces places = places(2, 8);
        DialPlaces.Place first = request(places, "192.0.2.1", 1);
        DialPlaces.Place second = request(places, "192.0.2.1", 2);
        request(places, "192.0.2.1", 3);
        request(places, "192.0.2.1", 4);
        request(places, "192.0.2.2", 1);
        assertThat(granted).containsExactly("192.0.2.1:1", "192.0.2.1:2");
        first.release();
        second.release();
        assertThat(granted.subList(2, 4)).containsExactly("192.0.2.1:3", "192.0.2.2:1");
        assertThat(places.active()).isEqualTo(2);
    }

    @Test
    void aHostHasALimitWhichDoesNotHoldUpOthers() {
        DialPlaces places = places(100, 2);
        List<DialPlaces.Place> attack = IntStream.range(1, 50)
                .mapToObj(port -> request(places, "192.0.2.1", port))
                .toList();
        assertThat(granted).hasSize(2);
        assertThat(fullHosts).hasSize(47);
        request(places, "192.0.2.2", 1);
        assertThat(granted).last().isEqualTo("192.0.2.2:1");
        attack.get(0).becomeLate();
        assertThat(granted).as("a late attempt counts at its host").hasSize(3);
        attack.get(0).release();
        assertThat(granted).last().isEqualTo("192.0.2.1:3");
    }

    @Test
    void loopbackHasNoLimitOfAHostButOneAttemptAtAnAddress() {
        DialPlaces places = places(100, 1);
        DialPlaces.Place first = request(places, "127.0.0.1", 1);
        request(places, "127.0.0.1", 1);
        request(places, "127.0.0.1", 2);
        assertThat(granted).containsExactly("127.0.0.1:1", "127.0.0.1:2");
        first.release();
        assertThat(granted).last().isEqualTo("127.0.0.1:1");
    }

    @Test
    void oneAddressHasOneAttempt() {
        DialPlaces places = places(100, 8);
        DialPlaces.Place first = request(places, "192.0.2.1", 1);
        request(places, "192.0.2.1", 1);
        request(places, "192.0.2.1", 2);
        assertThat(granted).containsExactly("192.0.2.1:1", "192.0.2.1:2");
        first.release();
        assertThat(granted).hasSize(3);
    }

    @Test
    void aLateAttemptLendsItsPlaceAndTheOldestEndsWhenThereAreTooMany() {
        DialPlaces places = places(1, 8);
        for (int host = 1; host <= DialPlaces.OPEN_PER_PLACE; host++) {
            request(places, "192.0.2." + host, 1).becomeLate();
        }
        assertThat(granted).hasSize(DialPlaces.OPEN_PER_PLACE);
        assertThat(places.late()).isEqualTo(DialPlaces.OPEN_PER_PLACE);
        assertThat(evicted).isEmpty();
        request(places, "192.0.2.100", 1);
        assertThat(granted).last().isEqualTo("192.0.2.100:1");
        assertThat(evicted).containsExactly("192.0.2.1:1");
        assertThat(places.late()).isEqualTo(DialPlaces.OPEN_PER_PLACE - 1);
    }

    @Test
    void nothingIsLeftWhenAllHaveEnded() {
        DialPlaces places = places(1, 1);
        List<DialPlaces.Place> all = new ArrayList<>();
        for (int port = 1; port < 10; port++) {
            all.add(request(places, "192.0.2.1", port));
            all.add(request(places, "127.0.0.1", port % 3 + 1));
        }
        all.get(0).becomeLate();
        all.get(5).release();
        all.forEach(DialPlaces.Place::release);
        all.forEach(DialPlaces.Place::release);
        assertThat(places.isEmpty()).isTrue();
        request(places, "192.0.2.1", 1);
        assertThat(granted).last().isEqualTo("192.0.2.1:1");
    }
}
