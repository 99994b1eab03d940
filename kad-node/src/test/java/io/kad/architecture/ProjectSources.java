package io.kad.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The Java sources and the documents of the whole project, found from the directory of any module. */
final class ProjectSources {

    private ProjectSources() {}

    /** A parsed source file. */
    record Parsed(CompilationUnitTree unit, Trees trees) {

        String text() {
            try {
                return unit.getSourceFile().getCharContent(true).toString();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Returns the path of the file below the project root; of a file that is not on disk, its name. */
        String name() {
            String name = unit.getSourceFile().getName();
            String root = root() + "/";
            return name.startsWith(root) ? name.substring(root.length()) : name;
        }

        /** Returns the line in which {@code tree} begins, from 1. */
        long line(Tree tree) {
            return unit.getLineMap().getLineNumber(trees.getSourcePositions().getStartPosition(unit, tree));
        }

        /** Returns the line in which {@code tree} ends, or -1 if the parser does not know it. */
        long lastLine(Tree tree) {
            long end = trees.getSourcePositions().getEndPosition(unit, tree);
            return end < 0 ? -1 : unit.getLineMap().getLineNumber(end);
        }
    }

    /** Returns every source file of every module, tests included. */
    static List<Path> all() {
        return files(".*/kad-[^/]+/src/[^/]+/java/.*\\.java");
    }

    /** Returns the main source files of every module. */
    static List<Path> main() {
        return files(".*/kad-[^/]+/src/main/java/.*\\.java");
    }

    /** Returns the documents for readers: those at the root, such as README.md, and docs/*.md. */
    static List<Path> documents() {
        try (Stream<Path> top = Files.list(root());
                Stream<Path> docs = Files.list(root().resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(String pattern) {
        try (Stream<Path> files = Files.walk(root())) {
            return files.filter(file -> file.toString().matches(pattern))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the directory that holds the modules. */
    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("kad-api"))) {
            directory = directory.getParent();
        }
        return directory;
    }

    /** Parses files on disk. */
    static List<Parsed> parse(List<Path> files) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            return parse(compiler, manager.getJavaFileObjectsFromPaths(files));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Parses {@code text} as the content of {@code A.java}. */
    static List<Parsed> parse(String text) {
        JavaFileObject source = new SimpleJavaFileObject(URI.create("string:///A.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
        return parse(ToolProvider.getSystemJavaCompiler(), List.of(source));
    }

    private static List<Parsed> parse(JavaCompiler compiler, Iterable<? extends JavaFileObject> sources) {
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, sources);
        Trees trees = Trees.instance(task);
        List<Parsed> parsed = new ArrayList<>();
        try {
            task.parse().forEach(unit -> parsed.add(new Parsed(unit, trees)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parsed;
    }
}
