package io.kad.architecture;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/** The rules that a source file is read for: its size, the size of its methods, its names, and what it must not say. */
final class SourceRules {
    static final int MAX_FILE_LINES = 600;
    static final int MAX_METHOD_LINES = 60;

    private static final Pattern EMPTY_NAME = Pattern.compile(".*(Impl|Manager|Utils?|Helpers?)");
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    private SourceRules() {}

    /** What breaks a rule in these files, one line each; empty when they are as they should be. */
    static List<String> violations(Iterable<? extends JavaFileObject> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, sources);
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        List<String> found = new ArrayList<>();
        try {
            for (CompilationUnitTree unit : task.parse()) {
                checkText(unit, found);
                new Scanner(unit, positions, found).scan(unit, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static void checkText(CompilationUnitTree unit, List<String> found) throws IOException {
        CharSequence text = unit.getSourceFile().getCharContent(true);
        long lines = text.toString().lines().count();
        if (lines > MAX_FILE_LINES) {
            found.add("%s has %d lines, more than %d".formatted(name(unit), lines, MAX_FILE_LINES));
        }
        if (UNFINISHED.matcher(text).find()) {
            found.add("%s speaks of unfinished work".formatted(name(unit)));
        }
    }

    private static String name(CompilationUnitTree unit) {
        return unit.getSourceFile().getName();
    }

    private static final class Scanner extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;

        Scanner(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree type, Void none) {
            if (EMPTY_NAME.matcher(type.getSimpleName()).matches()) {
                report(type, "the class name %s does not say what it is".formatted(type.getSimpleName()));
            }
            type.getMembers().stream()
                    .filter(BlockTree.class::isInstance)
                    .forEach(block -> checkLines("initializer", block));
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void none) {
            checkLines(method.getName().toString(), method);
            return super.visitMethod(method, null);
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
            if (call.getMethodSelect() instanceof MemberSelectTree select
                    && select.getIdentifier().contentEquals("sleep")) {
                report(call, "sleeps instead of waiting for what it needs");
            }
            return super.visitMethodInvocation(call, null);
        }

        private void checkLines(String what, Tree tree) {
            LineMap lines = unit.getLineMap();
            long first = lines.getLineNumber(positions.getStartPosition(unit, tree));
            // A compact constructor's or a generated member's end is unknown to the parser
            long end = positions.getEndPosition(unit, tree);
            if (end >= 0 && lines.getLineNumber(end) - first >= MAX_METHOD_LINES) {
                report(tree, "%s is longer than %d lines".formatted(what, MAX_METHOD_LINES));
            }
        }

        private void report(Tree tree, String what) {
            long line = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, tree));
            found.add("%s:%d %s".formatted(name(unit), line, what));
        }
    }
}
