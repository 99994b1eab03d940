package io.kad.store.rocksdb.snapshot;

import static java.util.Objects.requireNonNull;

import io.kad.api.message.PeerInfo;
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
 * A peer snapshot in a file, which each save replaces: the new one is written beside it, forced to the disk and moved into its place, so
 * that a crash leaves the one or the other. Thread-safe.
 */
public final class FilePeerSnapshotStore implements PeerSnapshotStore {

    private final Path file;
    private final Path part;
    private boolean closed;

    /** Makes a store in {@code file}, of which {@code file.part} is a part while it is written. */
    public FilePeerSnapshotStore(Path file) {
        this.file = requireNonNull(file, "file").toAbsolutePath();
        this.part = this.file.resolveSibling(file.getFileName() + ".part");
    }

    @Override
    public synchronized List<PeerInfo> load() throws StoreException {
        requireOpen();
        try {
            if (Files.size(file) > SnapshotFormat.MAX_BYTES) {
                throw new MalformedSnapshotException("it has more than " + SnapshotFormat.MAX_BYTES + " bytes");
            }
            return SnapshotFormat.read(Files.readAllBytes(file));
        } catch (NoSuchFileException absent) {
            return List.of();
        } catch (IOException failed) {
            throw new StoreException.Failed(file + " can't be read: " + failed.getMessage(), failed);
        }
    }

    @Override
    public synchronized void save(List<PeerInfo> peers) throws StoreException {
        requireOpen();
        try {
            Files.createDirectories(requireNonNull(file.getParent(), "an absolute path has a parent"));
            writePart(SnapshotFormat.write(peers));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            forceDirectory();
        } catch (IOException failed) {
            throw new StoreException.Failed(file + " can't be written: " + failed, failed);
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

    /** Makes the move itself last; not every system opens a directory, and one that doesn't has no need of it. */
    private void forceDirectory() {
        try (FileChannel directory = FileChannel.open(
                requireNonNull(file.getParent(), "an absolute path has a parent"), StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException impossible) {
            return;
        }
    }

    private void requireOpen() throws StoreException.Closed {
        if (closed) {
            throw new StoreException.Closed("the store is closed");
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
