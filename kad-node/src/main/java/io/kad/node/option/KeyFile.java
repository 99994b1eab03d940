package io.kad.node.option;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.key.Ed25519Identity;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/** File of the private key of a peer, in libp2p's protobuf form; only its owner may read it. */
public final class KeyFile {

    private static final int MAX_BYTES = 4096;

    private KeyFile() {}

    /** Returns the identity in {@code file}; creates the file if it does not exist. */
    public static Identity loadOrCreate(Path file) {
        try {
            return load(file);
        } catch (NoSuchFileException absent) {
            return create(file);
        } catch (IOException unreadable) {
            throw UsageException.cannot("read --key " + file, unreadable);
        }
    }

    private static Identity load(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return Ed25519Identity.fromPrivateKeyProtobuf(Bytes.of(in.readNBytes(MAX_BYTES)));
        } catch (MalformedMessageException malformed) {
            throw new UsageException(
                    "--key " + file + ": not an Ed25519 private key: " + malformed.getMessage(), malformed);
        }
    }

    /** Writes a new key beside the file and moves it there, so that a crash never leaves half a key. */
    private static Identity create(Path file) {
        Ed25519Identity identity = Ed25519Identity.generate(new SecureRandom());
        Path directory = file.toAbsolutePath().resolveSibling(".").normalize();
        try {
            Files.createDirectories(directory);
            Path part = Files.createTempFile(directory, ".key", ".part", ownerOnly(directory));
            try {
                Files.write(part, identity.privateKeyProtobuf().toArray());
                Files.createLink(file, part);
            } catch (UnsupportedOperationException noLinks) {
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException madeMeanwhile) {
                return load(file);
            } finally {
                Files.deleteIfExists(part);
            }
            return identity;
        } catch (IOException unwritable) {
            throw UsageException.cannot("write --key " + file, unwritable);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path directory) throws IOException {
        boolean posix = Files.getFileStore(directory).supportsFileAttributeView("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(Set.copyOf(PosixFilePermissions.fromString("rw-------")))
                }
                : new FileAttribute<?>[0];
    }
}
