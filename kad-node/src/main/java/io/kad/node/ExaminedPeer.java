package io.kad.node;

import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.id.Multiaddr;
import io.kad.node.diagnose.Check;
import io.kad.node.diagnose.ListenerCheck;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.option.PeerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * Peer made of the options of a command line to be checked. It keeps everything in memory and has a new key, as a node that runs may use the data
 * directory and the key of these options: a second peer with its peer ID would take its connections and change its addresses at other peers.
 *
 * @param kad the peer
 * @param setup what it was made of, with the listeners that could not be opened
 */
record ExaminedPeer(Kademlia kad, NodeSetup setup) implements AutoCloseable {

    /** Makes the peer and opens its listeners; one that fails is kept as a failed check. */
    static ExaminedPeer open(PeerOptions options) {
        List<Multiaddr> listen = options.listen(List.of());
        var bootstrap = options.bootstrap();
        options.storeOptions(); // those of the file are checked, but used by a node only
        var node = options.nodePeer(); // so is the key
        Kademlia kad = Kademlia.builder()
                .identity(PeerOptions.newIdentity())
                .config(options.config(listen.isEmpty() ? "client" : ""))
                .build();
        try {
            List<Check> notListening = new ArrayList<>();
            for (Multiaddr address : listen) {
                try {
                    kad.listen(address).join();
                } catch (CompletionException failed) {
                    notListening.add(ListenerCheck.notOpened(address, message(failed)));
                }
            }
            kad.externalAddresses(options.announce()).join();
            return new ExaminedPeer(kad, NodeSetup.ofExamined(bootstrap, options.data(), notListening, node));
        } catch (RuntimeException | Error refused) {
            kad.close();
            throw refused;
        }
    }

    private static String message(CompletionException failed) {
        return failed.getCause() instanceof KadException cause
                ? String.valueOf(cause.getMessage())
                : String.valueOf(failed.getCause());
    }

    @Override
    public void close() {
        kad.close();
    }
}
