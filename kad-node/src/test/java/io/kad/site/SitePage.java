package io.kad.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** One page of the site, made of one file of Markdown. */
final class SitePage {

    /** The file that is the first page. */
    static final Path START = Path.of("README.md");

    private static final List<Extension> EXTENSIONS =
            List.of(TablesExtension.create(), HeadingAnchorExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
    private static final Pattern WITH_SCHEME = Pattern.compile("[a-z]+:.*");
    private static final Pattern TITLE = Pattern.compile("(?m)^# (.*)$");
    private static final Pattern ID = Pattern.compile(" id=\"([^\"]*)\"");

    private final Path root;
    private final Path source;
    private final String markdown;
    private final Set<SiteLink> links = new LinkedHashSet<>();

    /** Creates a page of the file at {@code source} below {@code root}. */
    SitePage(Path root, Path source) {
        this.source = source;
        this.root = root;
        markdown = read(root.resolve(source));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the path of a file of the repository in the site. */
    static Path inSite(Path file) {
        if (file.equals(START)) {
            return Path.of("index.html");
        }
        return Path.of(file.toString().replaceFirst("\\.md$", ".html"));
    }

    Path source() {
        return source;
    }

    String title() {
        return title(markdown).orElse(source.toString());
    }

    private static Optional<String> title(String markdown) {
        return TITLE.matcher(markdown).results().map(title -> title.group(1)).findFirst();
    }

    /** Returns the links to files of the repository that were rendered. */
    Set<SiteLink> links() {
        return links;
    }

    /** Returns the page as HTML, without a navigation. */
    String content() {
        Path directory = source.getParent();
        return render(markdown, directory == null ? Path.of("") : directory);
    }

    /** Returns {@code navigation}, whose links begin at the root of the repository, as it stands on this page. */
    String navigation(String navigation) {
        return render(navigation, Path.of(""));
    }

    private String render(String text, Path base) {
        Node document = PARSER.parse(text);
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                nameByTitle(link, base);
                link.setDestination(rewritten(link.getDestination(), base));
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                image.setDestination(rewritten(image.getDestination(), base));
                visitChildren(image);
            }
        });
        String current = fromHere(source);
        return HtmlRenderer.builder()
                .extensions(EXTENSIONS)
                .escapeHtml(true)
                .attributeProviderFactory(context -> (node, tag, attributes) -> {
                    if (node instanceof Link link && link.getDestination().equals(current)) {
                        attributes.put("aria-current", "page");
                    }
                })
                .build()
                .render(document);
    }

    /** A link that reads as the name of its file reads as the title of its page. */
    private void nameByTitle(Link link, Path base) {
        String path = link.getDestination().replaceFirst("#.*", "");
        if (link.getFirstChild() instanceof Text text && path.endsWith(".md") && path.endsWith(text.getLiteral())) {
            Path file = root.resolve(base).resolve(path);
            if (Files.isRegularFile(file)) {
                title(read(file)).ifPresent(text::setLiteral);
            }
        }
    }

    private String rewritten(String destination, Path base) {
        if (WITH_SCHEME.matcher(destination).matches()) {
            return destination;
        }
        int hash = destination.indexOf('#');
        String path = hash < 0 ? destination : destination.substring(0, hash);
        String fragment = hash < 0 ? "" : destination.substring(hash + 1);
        Path target = path.isEmpty() ? source : base.resolve(path).normalize();
        links.add(new SiteLink(source, target, fragment));
        return fromHere(target) + (hash < 0 ? "" : "#" + fragment);
    }

    /** Returns the way from this page to a file, as a link has it. */
    String fromHere(Path file) {
        Path here = inSite(source).toAbsolutePath().getParent();
        return here.relativize(inSite(file).toAbsolutePath()).toString();
    }

    /** Returns the fragments that lead into {@code html}. */
    static Set<String> fragments(String html) {
        Set<String> fragments = new LinkedHashSet<>();
        ID.matcher(html).results().forEach(id -> fragments.add(id.group(1)));
        return fragments;
    }
}
