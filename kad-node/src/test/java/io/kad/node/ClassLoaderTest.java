package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers of an application that is loaded and unloaded while the process and its threads live on, as in a web container. */
@Timeout(300)
class ClassLoaderTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    /**
     * Libraries of TLS and QUIC, which keep the classes that they call for as long as they are loaded, and so their class loader. An application
     * that is to be unloaded has them in the class loader of its container, or not at all.
     */
    private static final List<String> NATIVE =
            List.of("netty-tcnative-boringssl-static", "netty-codec-native-quic", "conscrypt-openjdk-uber");

    private static URL[] classPath() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (NATIVE.stream().noneMatch(entry::contains)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }

    /**
     * Compares records of a class that was not used before: the JDK keeps the types of the record that was compared for the first time last, and
     * these take their place.
     */
    private static void compareForTheFirstTime(Record one, Record other) {
        assertThat(one).isNotEqualTo(other);
        assertThat(one.hashCode()).isNotZero();
        assertThat(one.toString()).isNotEmpty();
    }

    /** Runs the peers in a class loader of their own, and returns what is left of it. */
    private static WeakReference<ClassLoader> runAndUnload(String data) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            Object peer = loader.loadClass("io.kad.node.LoadedPeer")
                    .getDeclaredConstructor()
                    .newInstance();
            @SuppressWarnings("unchecked") // the class implements it
            Consumer<String> application = (Consumer<String>) peer;
            application.accept(data);
            return new WeakReference<>(loader);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void assertUnloaded(String data, Record one, Record other) throws Exception {
        ExecutorService container = Executors.newSingleThreadExecutor();
        try {
            WeakReference<ClassLoader> loader =
                    container.submit(() -> runAndUnload(data)).get(SOON.toSeconds(), TimeUnit.SECONDS);
            compareForTheFirstTime(one, other);
            await().atMost(SOON).pollInterval(Duration.ofMillis(200)).until(() -> {
                System.gc();
                return loader.get() == null;
            });
        } finally {
            container.shutdownNow();
        }
    }

    @Test
    void peersInMemoryAreUnloaded() throws Exception {
        record First(StringBuilder text) {}
        assertUnloaded("", new First(new StringBuilder()), new First(new StringBuilder()));
    }

    @Test
    void peersOnDiskAreUnloaded() throws Exception {
        record Second(StringBuilder text) {}
        assertUnloaded(
                directory.resolve("data").toString(), new Second(new StringBuilder()), new Second(new StringBuilder()));
    }
}
