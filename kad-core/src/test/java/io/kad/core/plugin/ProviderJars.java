package io.kad.core.plugin;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Directories that stand for jars with service files, seen by the context class loader alone. */
final class ProviderJars {

    private final Path root;
    private final List<URL> jars = new ArrayList<>();

    ProviderJars(Path root) {
        this.root = root;
    }

    /** Adds a jar whose service file for {@code service} has these lines. */
    ProviderJars add(Class<?> service, String... lines) throws IOException {
        Path jar = root.resolve("jar" + jars.size());
        Path file = jar.resolve("META-INF/services").resolve(service.getName());
        Files.createDirectories(file.getParent());
        Files.write(file, List.of(lines));
        jars.add(url(jar));
        return this;
    }

    ProviderJars add(Class<?> service, Class<?>... providers) throws IOException {
        String[] names = new String[providers.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = providers[i].getName();
        }
        return add(service, names);
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }

    /** Runs {@code work} where these jars are on the path. */
    <T> T with(Callable<T> work) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(jars.toArray(URL[]::new), before)) {
            thread.setContextClassLoader(loader);
            return work.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
