package io.kad.tck;

import static io.kad.tck.support.TestData.SELF;
import static io.kad.tck.support.TestData.addresses;
import static io.kad.tck.support.TestData.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kad.api.message.ConnectionType;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.PeerSnapshotStore;
import io.kad.api.spi.store.StoreException;
import io.kad.tck.support.ConcurrentCalls;
import io.kad.tck.support.StoreFiles;
import io.kad.tck.support.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compatibility tests of {@link PeerSnapshotStore}; a subclass creates the store under test.
 *
 * <p>The tests compare the ID and the addresses of a peer; a snapshot does not store connections.
 */
public abstract class PeerSnapshotStoreTck {

    private SpiContext context;
    private PeerSnapshotStore store;

    /** Called by subclasses. */
    @SuppressWarnings("NullAway.Init") // context and store are set before each test
    protected PeerSnapshotStoreTck() {}

    /**
     * Opens the store in the data directory of {@code context}. The directory is empty, or holds the files of an earlier store, or a copy
     * of them. The test closes the store.
     *
     * @param context has an existing data directory, no options, and an executor that runs tasks immediately
     */
    protected abstract PeerSnapshotStore openStore(SpiContext context) throws Exception;

    /**
     * Corrupts the files of a closed store, so that the next one can't read them. By default this inverts each bit of each file.
     *
     * @return false if this is impossible; SNAPSHOT-03 is not tested then
     */
    protected boolean corrupt(SpiContext context) throws Exception {
        StoreFiles.corrupt(context.dataDirectory().orElseThrow());
        return true;
    }

    /** Opens the store of a test. */
    @BeforeEach
    public final void open(@TempDir Path temporary) throws Exception {
        context = contextOf(Files.createDirectory(temporary.resolve("store")));
        store = openStore(context);
    }

    /** Closes the store of a test. */
    @AfterEach
    public final void close() throws Exception {
        store.close();
    }

    /** SNAPSHOT-01 */
    @Test
    public final void snapshot01LoadReturnsTheLastSave() throws Exception {
        assertThat(store.load()).isEmpty();
        List<PeerInfo> peers = List.of(
                PeerInfo.of(peer(3), addresses(3)),
                PeerInfo.of(peer(1), List.of()),
                PeerInfo.of(peer(2), addresses(2).subList(1, 2)));
        store.save(peers);
        assertThat(store.load()).isEqualTo(peers);
        List<PeerInfo> others = List.of(PeerInfo.of(peer(2), addresses(9)));
        store.save(others);
        assertThat(store.load()).isEqualTo(others);
        assertThat(store.load()).isEqualTo(others);
        store.save(List.of());
        assertThat(store.load()).isEmpty();
    }

    /** SNAPSHOT-01: after a restart. */
    @Test
    public final void snapshot01TheLastSaveSurvivesARestart() throws Exception {
        reopen();
        assertThat(store.load()).isEmpty();
        store.save(peers(5, 0));
        reopen();
        assertThat(store.load()).isEqualTo(peers(5, 0));
        store.save(peers(300, 7));
        store.save(peers(2, 1));
        reopen();
        assertThat(store.load()).isEqualTo(peers(2, 1));
    }

    /** SNAPSHOT-01: the connection of a peer is not stored. */
    @Test
    public final void snapshot01APeerIsLoadedAsNotConnected() throws Exception {
        store.save(List.of(new PeerInfo(peer(1), addresses(1), ConnectionType.CONNECTED)));
        reopen();
        assertThat(store.load()).containsExactly(PeerInfo.of(peer(1), addresses(1)));
    }

    /** SNAPSHOT-02: a copy of the files at any moment of a save holds the previous list or the new one. */
    @Test
    public final void snapshot02ASaveIsAtomic(@TempDir Path copies) throws Exception {
        int rounds = 40;
        List<PeerInfo> few = peers(100, 0);
        List<PeerInfo> many = peers(400, 1);
        store.save(few);
        List<Path> taken = new ArrayList<>();
        ConcurrentCalls.run(2, rounds, (thread, round) -> {
            if (thread == 0) {
                store.save(round % 2 == 0 ? many : few);
            } else {
                Path copy = Files.createDirectory(copies.resolve("copy " + round));
                StoreFiles.copy(context.dataDirectory().orElseThrow(), copy);
                taken.add(copy);
            }
        });
        assertThat(taken).hasSize(rounds);
        for (Path copy : taken) {
            assertThat(loadedFrom(copy)).as("%s", copy.getFileName()).isIn(few, many);
        }
    }

    /** SNAPSHOT-02: the files are copied while the save takes the first, a middle and the last peer from the list. */
    @Test
    public final void snapshot02ASaveIsNotHalfDoneWhileItTakesThePeers(@TempDir Path copies) throws Exception {
        List<PeerInfo> few = peers(100, 0);
        List<PeerInfo> many = peers(400, 1);
        store.save(few);
        List<Path> taken = new ArrayList<>();
        for (List<PeerInfo> peers : List.of(many, few)) {
            store.save(listThatRuns(peers, Set.of(0, peers.size() / 2, peers.size() - 1), () -> {
                Path copy = Files.createDirectory(copies.resolve("copy " + taken.size()));
                StoreFiles.copy(context.dataDirectory().orElseThrow(), copy);
                taken.add(copy);
            }));
            assertThat(store.load()).isEqualTo(peers);
        }
        assertThat(taken).isNotEmpty();
        for (Path copy : taken) {
            assertThat(loadedFrom(copy)).as("%s", copy.getFileName()).isIn(few, many);
        }
    }

    private List<PeerInfo> loadedFrom(Path copy) throws Exception {
        try (PeerSnapshotStore opened = openStore(contextOf(copy))) {
            return opened.load();
        }
    }

    /** Returns {@code peers} as a list that runs {@code task} whenever a peer at one of {@code positions} is taken from it. */
    private static List<PeerInfo> listThatRuns(List<PeerInfo> peers, Set<Integer> positions, Task task) {
        return new AbstractList<>() {
            @Override
            public PeerInfo get(int position) {
                if (positions.contains(position)) {
                    try {
                        task.run();
                    } catch (IOException failed) {
                        throw new UncheckedIOException(failed);
                    }
                }
                return peers.get(position);
            }

            @Override
            public int size() {
                return peers.size();
            }
        };
    }

    @FunctionalInterface
    private interface Task {
        void run() throws IOException;
    }

    /** SNAPSHOT-02: a save is complete when it returns, so that a crash of the process right after it loses nothing. */
    @Test
    public final void snapshot02ASaveIsDoneWhenItReturns(@TempDir Path copy) throws Exception {
        store.save(peers(50, 0));
        StoreFiles.copy(context.dataDirectory().orElseThrow(), copy);
        assertThat(loadedFrom(copy)).isEqualTo(peers(50, 0));
    }

    /** SNAPSHOT-03 */
    @Test
    public final void snapshot03AnUnreadableSnapshotFailsAndIsReplaced() throws Exception {
        store.save(peers(5, 0));
        store.close();
        assumeTrue(corrupt(context), "this store cannot be corrupted");
        store = openStore(context);
        assertThatThrownBy(() -> store.load()).isInstanceOf(StoreException.Failed.class);
        assertThatThrownBy(() -> store.load()).isInstanceOf(StoreException.Failed.class);
        store.save(peers(3, 1));
        assertThat(store.load()).isEqualTo(peers(3, 1));
        reopen();
        assertThat(store.load()).isEqualTo(peers(3, 1));
    }

    /** SNAPSHOT-04 */
    @Test
    public final void snapshot04EveryCallFailsAfterClose() throws Exception {
        store.save(peers(1, 0));
        store.close();
        assertThatThrownBy(() -> store.load()).isInstanceOf(StoreException.Closed.class);
        assertThatThrownBy(() -> store.save(peers(2, 0))).isInstanceOf(StoreException.Closed.class);
        store.close();
        store = openStore(context);
        assertThat(store.load()).isEqualTo(peers(1, 0));
    }

    /** SNAPSHOT-05 */
    @Test
    public final void snapshot05AllMethodsAreThreadSafe() throws Exception {
        store.save(peers(1, 0));
        ConcurrentCalls.run(3, 50, (thread, round) -> {
            if (thread < 2) {
                store.save(peers(1 + thread, round));
            }
            List<PeerInfo> loaded = store.load();
            int size = loaded.size();
            assertThat(size).isBetween(1, 2);
            assertThat(IntStream.rangeClosed(Math.max(0, round - 1), round).mapToObj(i -> peers(size, i)))
                    .contains(loaded);
        });
    }

    private void reopen() throws Exception {
        store.close();
        store = openStore(context);
    }

    private static SpiContext contextOf(Path directory) {
        return new SpiContext(SELF, new TestClock(), Optional.of(directory), Map.of(), Runnable::run);
    }

    /** Returns {@code count} peers whose addresses are those of {@code version}. */
    private static List<PeerInfo> peers(int count, int version) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> PeerInfo.of(peer(i), addresses(version)))
                .toList();
    }
}
