package io.kad.wire.key;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * File that holds the private key of a peer, in the protobuf form in which libp2p stores private keys.
 *
 * <p>Several threads and processes may use one file at the same time: all of them get the same identity.
 */
public final class IdentityFile {

    private static final int MAX_FILE_BYTES = 8192;

    private IdentityFile() {}

    /**
     * Returns the identity in {@code file}; creates the file, and its directory, with a new Ed25519 key if it does not exist.
     *
     * <p>A new file is readable and writable by its owner only, where the file system has such permissions. It appears with its whole
     * content and is synced to the disk before this method returns, so a crash leaves no file or a complete one. An existing file is
     * never overwritten.
     *
     * @throws IOException with one clear line that names the file, if it can't be read or created, or is not an Ed25519 private key
     */
    public static Ed25519Identity loadOrCreate(Path file) throws IOException {
        Optional<Ed25519Identity> existing = load(file);
        if (existing.isPresent()) {
            return existing.get();
        }
        Ed25519Identity identity = Ed25519Identity.generate(new SecureRandom());
        if (create(file, identity.privateKeyProtobuf())) {
            return identity;
        }
        return load(file)
                .orElseThrow(() -> new IOException("cannot read identity file " + file + ": it is a link to no file"));
    }

    /** Returns the identity in {@code file}; empty if there is no such file. */
    private static Optional<Ed25519Identity> load(Path file) throws IOException {
        byte[] content;
        try (var in = Files.newInputStream(file)) {
            content = in.readNBytes(MAX_FILE_BYTES);
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IOException("cannot read identity file " + file + ": " + reason(e), e);
        }
        try {
            return Optional.of(Ed25519Identity.fromPrivateKeyProtobuf(Bytes.of(content)));
        } catch (MalformedMessageException e) {
            throw new IOException("identity file " + file + ": not an Ed25519 private key: " + e.getMessage(), e);
        }
    }

    /** Creates {@code file} with this content, whole or not at all; returns false if there is such a file meanwhile. */
    private static boolean create(Path file, Bytes content) throws IOException {
        Path directory = file.toAbsolutePath().resolveSibling(".").normalize();
        try {
            Path existing = existing(directory);
            Files.createDirectories(directory);
            Path part = Files.createTempFile(directory, ".key", ".part", ownerOnly(directory));
            try {
                write(part, content);
                if (!publish(part, file)) {
                    return false;
                }
            } finally {
                Files.deleteIfExists(part);
            }
            for (Path each = directory; each != null && each.startsWith(existing); each = each.getParent()) {
                sync(each);
            }
            return true;
        } catch (IOException e) {
            throw new IOException("cannot create identity file " + file + ": " + reason(e), e);
        }
    }

    /** Returns the nearest directory above, or {@code directory} itself, that exists. */
    private static Path existing(Path directory) {
        Path existing = directory;
        for (Path above = directory.getParent(); above != null && !Files.exists(existing); above = above.getParent()) {
            existing = above;
        }
        return existing;
    }

    private static void write(Path part, Bytes content) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            ByteBuffer left = content.asReadOnlyBuffer();
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
    }

    /** Gives the written file its name; returns false if there is a file of that name. */
    private static boolean publish(Path part, Path file) throws IOException {
        try {
            link(part, file);
            return true;
        } catch (FileAlreadyExistsException createdMeanwhile) {
            return false;
        }
    }

    private static void link(Path part, Path file) throws IOException {
        try {
            Files.createLink(file, part);
        } catch (FileAlreadyExistsException createdMeanwhile) {
            throw createdMeanwhile;
        } catch (FileSystemException | UnsupportedOperationException noHardLinks) {
            Files.move(part, file);
        }
    }

    /** Makes the entries of {@code directory} durable, where a directory can be opened at all. */
    private static void sync(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException unsupported) {
            // Windows opens no directories, and syncs their entries itself
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path directory) throws IOException {
        boolean posix = Files.getFileStore(directory).supportsFileAttributeView("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** Returns the cause in words: the text of many file system exceptions is the name of the file alone. */
    private static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "access denied";
        }
        if (failure instanceof FileAlreadyExistsException e) {
            return e.getFile() + " is not a directory";
        }
        @Nullable String reason = failure instanceof FileSystemException e ? e.getReason() : failure.getMessage();
        return reason == null ? failure.getClass().getSimpleName() : reason;
    }
}
