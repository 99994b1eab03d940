package io.kad.store.rocksdb.snapshot;

import static java.util.Objects.requireNonNull;

import io.kad.api.message.PeerInfo;
import io.kad.api.spi.PrivateDirectory;
import io.kad.api.spi.store.PeerSnapshotStore;
import io.kad.api.spi.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Peer snapshot in a file. A save writes and syncs a second file, and then moves it over the first one atomically, so that a crash leaves
 * either snapshot complete. Thread-safe; all calls may block.
 */
public final class FilePeerSnapshotStore implements PeerSnapshotStore {

    private final Path file;
    private final Path part;
    private boolean closed;

    /** Creates a store in {@code file}; {@code file.part} is the file of a save in progress. */
    public FilePeerSnapshotStore(Path file) {
        this.file = requireNonNull(file, "file").toAbsolutePath();
        this.part = this.file.resolveSibling(file.getFileName() + ".part");
    }

    @Override
    public synchronized List<PeerInfo> load() throws StoreException {
        requireOpen();
        try {
            if (Files.size(file) > SnapshotFormat.MAX_BYTES) {
                throw new MalformedSnapshotException(
                        "size exceeds the limit of " + SnapshotFormat.MAX_BYTES + " bytes");
            }
            return SnapshotFormat.read(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new StoreException.Failed("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void save(List<PeerInfo> peers) throws StoreException {
        requireOpen();
        try {
            PrivateDirectory.create(requireNonNull(file.getParent(), "parent of an absolute path"));
            writePart(SnapshotFormat.write(peers));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            forceDirectory();
        } catch (IOException e) {
            throw new StoreException.Failed("cannot write " + file + ": " + e, e);
        }
    }

    private void writePart(byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    /** Syncs the move. Systems that can't open a directory do not need this. */
    private void forceDirectory() {
        try (FileChannel directory = FileChannel.open(
                requireNonNull(file.getParent(), "parent of an absolute path"), StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException e) {
            return;
        }
    }

    private void requireOpen() throws StoreException.Closed {
        if (closed) {
            throw new StoreException.Closed();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
