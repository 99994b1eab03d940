package io.kad.tck;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.PeerSnapshotStore;
import io.kad.api.spi.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A peer snapshot store that is right and simple: a file that is replaced. Subclasses break one rule. */
class PlainSnapshotStore implements PeerSnapshotStore {

    final Path file;
    private boolean closed;

    PlainSnapshotStore(SpiContext context) {
        file = context.dataDirectory().orElseThrow().resolve("peers");
    }

    @Override
    public synchronized List<PeerInfo> load() throws StoreException {
        requireOpen();
        try {
            return Lines.read(file).stream().map(PlainSnapshotStore::peer).toList();
        } catch (IOException | IllegalArgumentException failed) {
            throw new StoreException.Failed("reading " + file, failed);
        }
    }

    @Override
    public synchronized void save(List<PeerInfo> peers) throws StoreException {
        requireOpen();
        try {
            write(peers.stream().map(PlainSnapshotStore::line).toList());
        } catch (IOException failed) {
            throw new StoreException.Failed("writing " + file, failed);
        }
    }

    void write(List<List<String>> lines) throws IOException {
        Lines.write(file, lines);
    }

    @Override
    public synchronized void close() throws StoreException {
        closed = true;
    }

    void requireOpen() throws StoreException {
        if (closed) {
            throw new StoreException.Closed("closed");
        }
    }

    static List<String> line(PeerInfo peer) {
        List<String> words = new ArrayList<>();
        words.add(peer.id().toString());
        peer.addresses().forEach(address -> words.add(address.toString()));
        return words;
    }

    private static PeerInfo peer(List<String> line) {
        return PeerInfo.of(
                PeerId.parse(line.get(0)),
                line.stream().skip(1).map(Multiaddr::parse).toList());
    }
}
