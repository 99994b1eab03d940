package io.kad.site;

import java.nio.file.Path;

/**
 * A link to a file of the repository.
 *
 * @param from the file that has the link
 * @param target the file that it leads to
 * @param fragment the part of that file; empty for the whole
 */
record SiteLink(Path from, Path target, String fragment) {

    @Override
    public String toString() {
        return from + " -> " + target + (fragment.isEmpty() ? "" : "#" + fragment);
    }
}
