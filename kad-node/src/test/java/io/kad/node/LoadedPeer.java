package io.kad.node;

import io.kad.api.Kademlia;
import io.kad.api.KademliaBuilder;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.wire.key.Ed25519Identity;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Use of two peers by an application that a container loads, and unloads. */
public final class LoadedPeer implements Consumer<String> {

    private static final Multiaddr ANY = Multiaddr.parse("/ip4/127.0.0.1/tcp/0");

    /** Made by the test, by reflection. */
    public LoadedPeer() {}

    /** Starts two peers, puts a record and gets it, and closes them; one has its stores in {@code directory} unless that is empty. */
    @Override
    public void accept(String directory) {
        KademliaBuilder onDisk = builder();
        if (!directory.isEmpty()) {
            onDisk.dataDirectory(Path.of(directory));
        }
        try (Kademlia server = onDisk.build()) {
            Multiaddr address = server.listen(ANY).get(60, TimeUnit.SECONDS).get(0);
            try (Kademlia client =
                    builder().bootstrapPeer(address.withPeerId(server.peerId())).build()) {
                client.listen(ANY).get(60, TimeUnit.SECONDS);
                RecordKey key = RecordKey.utf8("/app/key");
                client.bootstrap().result().get(60, TimeUnit.SECONDS);
                client.putRecord(Record.of(key, Bytes.utf8("value")), Quorum.one())
                        .result()
                        .get(60, TimeUnit.SECONDS);
                client.getRecord(key, Quorum.one()).result().get(60, TimeUnit.SECONDS);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static KademliaBuilder builder() {
        return Kademlia.builder()
                .identity(Ed25519Identity.generate(new SecureRandom()))
                .config(KademliaConfig.builder().mode(Mode.SERVER).build());
    }
}
