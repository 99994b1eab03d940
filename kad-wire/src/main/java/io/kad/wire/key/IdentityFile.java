package io.kad.wire.key;

import io.kad.api.id.Bytes;
import io.kad.api.spi.PrivateFile;
import io.kad.api.text.FileFailure;
import io.kad.wire.encoding.MalformedMessageException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * File with the private key of a peer, as the {@code PrivateKey} protobuf message of libp2p.
 *
 * <p>Several threads and processes may use one file concurrently: all of them get the same identity.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md">libp2p peer IDs and keys</a>
 */
public final class IdentityFile {

    private IdentityFile() {}

    /**
     * Loads the identity in {@code file}, whatever its type; creates the file, and its directory, with a new Ed25519 key if it does not exist.
     *
     * @throws IOException as the other method does, but for the type of an existing key
     */
    public static PrivateKeyIdentity loadOrCreate(Path file) throws IOException {
        return readOrCreate(file, KeyType.ED25519);
    }

    /**
     * Loads the identity in {@code file}; creates the file, and its directory, with a new key of {@code type} if it does not exist.
     *
     * <p>A new file, and a new directory, is for its owner only, where the file system has such permissions. It is created with its whole
     * content and synced to the disk before this method returns, so a crash leaves no file or a complete one. An existing file is
     * never overwritten.
     *
     * @throws IOException with one line that names the file, if it can't be read or created, is not a private key, or has a key of another
     *     type; a retry fails again until the file or its directory is changed
     */
    public static PrivateKeyIdentity loadOrCreate(Path file, KeyType type) throws IOException {
        PrivateKeyIdentity identity = readOrCreate(file, type);
        if (identity.type() != type) {
            throw new IOException("identity file " + file + ": has a key of type " + identity.type() + ", expected "
                    + type + "; use another file for a new key");
        }
        return identity;
    }

    private static PrivateKeyIdentity readOrCreate(Path file, KeyType type) throws IOException {
        Optional<PrivateKeyIdentity> existing = load(file);
        if (existing.isPresent()) {
            return existing.get();
        }
        PrivateKeyIdentity identity = PrivateKeyIdentity.generate(type, new SecureRandom());
        if (create(file, identity.privateKeyProtobuf())) {
            return identity;
        }
        return load(file)
                .orElseThrow(() -> new IOException(
                        "cannot read identity file " + file + ": the target of the symbolic link does not exist"));
    }

    /**
     * Returns the identity in {@code file}, which is only read; empty if the file does not exist.
     *
     * @throws IOException with one line that names the file, if it can't be read or is not a private key
     */
    public static Optional<PrivateKeyIdentity> load(Path file) throws IOException {
        byte[] content;
        try (var in = Files.newInputStream(file)) {
            content = in.readNBytes(PrivateKeyIdentity.MAX_ENCODED_BYTES + 1);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IOException("cannot read identity file " + file + ": " + reason(e), e);
        }
        try {
            return Optional.of(PrivateKeyIdentity.decode(Bytes.of(content)));
        } catch (MalformedMessageException e) {
            throw new IOException("identity file " + file + ": not a private key: " + e.getMessage(), e);
        }
    }

    /** Creates {@code file} atomically with this content; returns false if another process has created it. */
    private static boolean create(Path file, Bytes content) throws IOException {
        try {
            return PrivateFile.create(file, content);
        } catch (IOException e) {
            throw new IOException("cannot create identity file " + file + ": " + reason(e), e);
        }
    }

    private static String reason(IOException failure) {
        return failure instanceof FileAlreadyExistsException existing
                ? existing.getFile() + " is not a directory"
                : FileFailure.reason(failure);
    }
}
