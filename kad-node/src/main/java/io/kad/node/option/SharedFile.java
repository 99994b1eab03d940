package io.kad.node.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** Files with secrets that not only their owner may use. */
public final class SharedFile {

    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private SharedFile() {}

    /** Returns the permissions of {@code file} if others may use it; empty if only its owner may, or its file system has no such permissions. */
    public static Optional<Set<PosixFilePermission>> permissions(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view == null
                ? Optional.empty()
                : Optional.of(view.readAttributes().permissions())
                        .filter(permissions -> !OWNER_ONLY.containsAll(permissions));
    }

    /** Returns the warning about the key file that {@code option} names, if others may use it; empty if it cannot be looked at. */
    public static Optional<String> keyWarning(String option, Path file) {
        try {
            return permissions(file)
                    .map(permissions -> option + ": other users may read or write the key file " + file
                            + "; run chmod 600 " + file);
        } catch (IOException unknown) {
            return Optional.empty();
        }
    }
}
