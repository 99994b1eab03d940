package io.kad.core.plugin;

import java.net.URL;
import java.security.CodeSource;

/** Origin of a class, for messages: its name, and the jar or directory that contains it. */
final class ClassOrigin {

    private ClassOrigin() {}

    /** Returns the name of {@code type} and the jar or directory that it was loaded from. */
    static String of(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        return type.getName() + " in " + (location == null ? "the JDK" : location.toString());
    }
}
