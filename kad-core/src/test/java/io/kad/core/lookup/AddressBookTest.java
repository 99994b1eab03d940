package io.kad.core.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.message.PeerInfo;
import io.kad.core.engine.Peers;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressBookTest {

    private static final KadKey TARGET = KadKey.hash(Bytes.utf8("target"));

    private final AddressBook book = new AddressBook(TARGET, 3, 2);

    @Test
    void laterResponsesAddAddressesAndReplaceNone() {
        book.add(Peers.info(1));
        book.add(PeerInfo.of(Peers.peer(1), List.of(Peers.address(8), Peers.address(9))));

        assertThat(book.addresses(Peers.peer(1))).containsExactly(Peers.address(1), Peers.address(8));
    }

    @Test
    void peersWithoutAddressesAreNotCounted() {
        book.add(PeerInfo.of(Peers.peer(1), List.of()));

        assertThat(book.size()).isZero();
        assertThat(book.addresses(Peers.peer(1))).isEmpty();
    }

    @Test
    void theFarthestPeersAreEvictedFirst() {
        List<Integer> near = Peers.byDistance(TARGET, 10);
        for (int number = 1; number <= 10; number++) {
            book.add(Peers.info(number));
        }

        assertThat(book.size()).isEqualTo(3);
        assertThat(near.subList(0, 3))
                .allSatisfy(number ->
                        assertThat(book.addresses(Peers.peer(number))).containsExactly(Peers.address(number)));
    }
}
