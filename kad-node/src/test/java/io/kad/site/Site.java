package io.kad.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The site of the documents below one directory: the first page, all that links lead to from there, and the pictures. */
final class Site {

    /** The first page of the Javadoc, which is made by its own tool: the only one that is sure to exist. */
    private static final Path JAVADOC = Path.of("apidocs", "index.html");

    private final Path root;
    private final Path output;
    private final Path resources;
    private final String navigation;
    private final Map<Path, SitePage> pages = new TreeMap<>();
    private final Map<Path, String> contents = new TreeMap<>();
    private final Set<Path> files = new TreeSet<>();

    /** Creates a site of the repository at {@code root}. */
    Site(Path root, Path output) throws IOException {
        this.root = root;
        this.output = output;
        resources = root.resolve("kad-node/src/test/resources/site");
        navigation = Files.readString(resources.resolve("navigation.md"));
    }

    /**
     * Writes the site of the repository of this directory to another one.
     *
     * @param args the directory to write to
     */
    public static void main(String[] args) throws IOException {
        Path root = Path.of("").toAbsolutePath();
        List<String> broken = new Site(root, Path.of(args[0])).build();
        if (!broken.isEmpty()) {
            throw new IllegalStateException("broken links: " + String.join(", ", broken));
        }
    }

    /**
     * Writes the site.
     *
     * @return the links that lead nowhere
     */
    List<String> build() throws IOException {
        Deque<Path> found = new ArrayDeque<>(List.of(SitePage.START));
        while (!found.isEmpty()) {
            Path source = found.remove();
            if (!pages.containsKey(source)) {
                found.addAll(write(source));
            }
        }
        copy(resources.resolve("style.css"), Path.of("style.css"));
        for (Path file : files) {
            copy(root.resolve(file), file);
        }
        return brokenLinks();
    }

    /** Writes a page, and returns the files of Markdown that it leads to. */
    private List<Path> write(Path source) throws IOException {
        SitePage page = new SitePage(root, source);
        String content = page.content();
        pages.put(source, page);
        contents.put(source, content);
        String template = Files.readString(resources.resolve("page.html"));
        Path file = output.resolve(SitePage.inSite(source));
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                template.replace("${title}", escaped(page.title()))
                        .replace("${style}", page.fromHere(Path.of("style.css")))
                        .replace("${navigation}", page.navigation(navigation))
                        .replace("${content}", content));
        List<Path> next = new ArrayList<>();
        for (SiteLink link : page.links()) {
            boolean inside = !link.target().isAbsolute()
                    && !link.target().startsWith("..")
                    && Files.isRegularFile(root.resolve(link.target()));
            if (inside && link.target().toString().endsWith(".md")) {
                next.add(link.target());
            } else if (inside) {
                files.add(link.target());
            }
        }
        return next;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private void copy(Path from, Path to) throws IOException {
        Path file = output.resolve(to);
        Files.createDirectories(file.getParent());
        Files.copy(from, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private List<String> brokenLinks() {
        Set<String> broken = new TreeSet<>();
        for (SitePage page : pages.values()) {
            for (SiteLink link : page.links()) {
                if (!leadsSomewhere(link)) {
                    broken.add(link.toString());
                }
            }
        }
        return List.copyOf(broken);
    }

    private boolean leadsSomewhere(SiteLink link) {
        String content = contents.get(link.target());
        if (content == null) {
            return files.contains(link.target()) || link.target().equals(JAVADOC);
        }
        return link.fragment().isEmpty() || SitePage.fragments(content).contains(link.fragment());
    }
}
