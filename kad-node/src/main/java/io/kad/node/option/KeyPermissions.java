package io.kad.node.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/** Permissions of key files, which none but their owner should have. */
public final class KeyPermissions {

    private static final Set<PosixFilePermission> OF_OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private KeyPermissions() {}

    /** Returns the warning about {@code file}, which {@code option} names, if other users may read or write it; empty if its permissions are unknown. */
    public static Optional<String> warning(String option, Path file) {
        try {
            return Collections.disjoint(Files.getPosixFilePermissions(file), OF_OTHERS)
                    ? Optional.empty()
                    : Optional.of(option + ": other users may read or write the key file " + file + "; run chmod 600 "
                            + file);
        } catch (IOException | UnsupportedOperationException unknown) {
            return Optional.empty();
        }
    }
}
