package io.kad.bench.load;

import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Requests of a run: targets, records and keys of providers. The same seed gives the same ones. Immutable. */
final class Workload {

    private static final int TARGETS = 4096;

    /**
     * Bits that the place of a key has in common with that of the server. A server keeps an entry for a short time, or for none, if its table has
     * many peers that are closer to the key; with 13 full buckets there are about 20.
     */
    private static final int COMMON_BITS = 12;

    private static final int KEY_BYTES = 32;

    /** Bytes before the key in a peer ID of Ed25519: a multihash of the code identity around a key in protobuf. */
    private static final Bytes ED25519_PREFIX = Bytes.fromHex("002408011220");

    private final List<Bytes> targets;
    private final Lazy<List<Record>> records;
    private final Lazy<List<RecordKey>> providerKeys;
    private final int count;

    /**
     * Creates a workload.
     *
     * @param server the server: the keys are close to it
     */
    Workload(PeerId server, LoadPlan.Data data) {
        Random random = new Random(data.seed());
        count = data.keys();
        targets = IntStream.range(0, TARGETS)
                .mapToObj(i -> randomPeer(random).bytes())
                .toList();
        records = new Lazy<>(() -> keys(server, count, i -> Bytes.utf8("/app/load-" + data.seed() + "-" + i))
                .map(key -> Record.of(key, randomBytes(random, data.valueBytes())))
                .toList());
        providerKeys = new Lazy<>(() -> keys(
                        server,
                        count,
                        i -> Multihash.sha256(Bytes.utf8("load " + data.seed() + " " + i))
                                .bytes())
                .toList());
    }

    /** Returns keys that no run has used, so that a server cannot have stored anything under them. */
    static List<RecordKey> newKeys(PeerId server, int count) {
        UUID run = UUID.randomUUID();
        return keys(
                        server,
                        count,
                        i -> Multihash.sha256(Bytes.utf8("probe " + run + " " + i))
                                .bytes())
                .toList();
    }

    private static Stream<RecordKey> keys(PeerId server, int count, IntFunction<Bytes> candidates) {
        KadKey place = server.kadKey();
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(candidates)
                .filter(key -> KadKey.hash(key).commonPrefixLength(place) >= COMMON_BITS)
                .limit(count)
                .map(RecordKey::of);
    }

    /** Returns a random peer ID of the form that Ed25519 keys have; nobody has its key. */
    static PeerId randomPeer(Random random) {
        return PeerId.fromBytes(Bytes.concat(ED25519_PREFIX, randomBytes(random, KEY_BYTES)));
    }

    static Bytes randomBytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }

    /** Returns the first {@code count} targets of FIND_NODE. */
    List<Bytes> targets(int count) {
        return targets.subList(0, count);
    }

    /** Returns the number of records, and of keys of providers. */
    int keys() {
        return count;
    }

    /**
     * Returns a request.
     *
     * @param number number of the request, which chooses among the targets or the keys
     * @param sender the peer that sends it, which an ADD_PROVIDER announces
     */
    KadRequest request(RequestKind kind, long number, PeerInfo sender) {
        int key = (int) Math.floorMod(number, (long) count);
        return switch (kind) {
            case FIND_NODE -> new KadRequest.FindNode(targets.get((int) Math.floorMod(number, (long) TARGETS)));
            case GET_VALUE -> new KadRequest.GetValue(records.get().get(key).key());
            case GET_PROVIDERS -> new KadRequest.GetProviders(providerKeys.get().get(key));
            case PUT_VALUE -> new KadRequest.PutValue(records.get().get(key));
            case ADD_PROVIDER -> new KadRequest.AddProvider(providerKeys.get().get(key), List.of(sender));
        };
    }
}
