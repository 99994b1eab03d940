package io.kad.core.peer;

import io.kad.api.message.PeerInfo;
import io.kad.api.spi.store.PeerSnapshotStore;
import io.kad.api.spi.store.StoreException;
import java.util.ArrayList;
import java.util.List;

/** A peer snapshot store that remembers each save. */
final class HeapSnapshotStore implements PeerSnapshotStore {

    final List<List<PeerInfo>> saves = new ArrayList<>();
    boolean failing;
    int closes;

    @Override
    public List<PeerInfo> load() throws StoreException {
        check();
        return saves.isEmpty() ? List.of() : last();
    }

    List<PeerInfo> last() {
        return saves.get(saves.size() - 1);
    }

    @Override
    public void save(List<PeerInfo> peers) throws StoreException {
        check();
        saves.add(peers);
    }

    private void check() throws StoreException {
        if (failing) {
            throw new StoreException.Failed("made up", new IllegalStateException());
        }
    }

    @Override
    public void close() {
        closes++;
    }
}
