package io.kad.transport.netty;

import io.netty.util.Version;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Check of the version of Netty on the class path or module path, which must be 4.2 or newer.
 *
 * <p>A framework may manage the version of Netty down: Spring Boot 3 to 4.1, for example. Without the check, the first class that 4.1 lacks is all
 * that a user hears of it.
 */
final class NettyVersion {

    private static final String MINIMUM = "4.2";

    /** Class of the event loops that came with Netty 4.2. */
    private static final String NEW_IN_MINIMUM = "io.netty.channel.IoHandlerFactory";

    private NettyVersion() {}

    /**
     * Checks the version that the transport would use.
     *
     * @throws IllegalStateException if it is too old; the message says which version was found, and what to set
     */
    static void check() {
        ClassLoader loader = NettyVersion.class.getClassLoader();
        check(isPresent(NEW_IN_MINIMUM, loader), () -> versions(loader));
    }

    private static Map<String, String> versions(ClassLoader loader) {
        Map<String, String> versions = new TreeMap<>();
        Version.identify(loader).forEach((artifact, version) -> versions.put(artifact, version.artifactVersion()));
        return versions;
    }

    /**
     * Checks a version.
     *
     * @param hasMinimum whether a class that is new in the oldest usable version is there
     * @param versions the version of each artifact of Netty that says which it is, such as {@code netty-common}; asked only for a refusal, since Netty
     *     parses dates to tell them
     */
    static void check(boolean hasMinimum, Supplier<Map<String, String>> versions) {
        if (!hasMinimum) {
            throw new IllegalStateException("Netty must be " + MINIMUM + " or newer, found " + describe(versions.get())
                    + ": set the version that your build manages, such as netty.version=4.2.18.Final with Spring Boot,"
                    + " or import io.netty:netty-bom before other BOMs");
        }
    }

    private static String describe(Map<String, String> versions) {
        return versions.isEmpty()
                ? "an older one"
                : versions.entrySet().stream()
                        .map(artifact -> artifact.getKey() + " " + artifact.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static boolean isPresent(String type, ClassLoader loader) {
        try {
            Class.forName(type, false, loader);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
