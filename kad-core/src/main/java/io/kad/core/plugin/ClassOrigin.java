package io.kad.core.plugin;

import java.net.URL;
import java.security.CodeSource;

/** Where a class comes from, for people who have to find the jar that is one too many. */
final class ClassOrigin {

    private ClassOrigin() {}

    /** Returns the name of {@code type} and the jar or directory that it was loaded from. */
    static String of(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL place = source == null ? null : source.getLocation();
        return type.getName() + " in " + (place == null ? "the platform" : place.toString());
    }
}
