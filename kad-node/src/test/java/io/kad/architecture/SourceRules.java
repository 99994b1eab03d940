package io.kad.architecture;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import io.kad.architecture.ProjectSources.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Rules for source files: the size of files and methods, empty class names, sleeps and unfinished work. */
final class SourceRules {
    static final int MAX_FILE_LINES = 600;
    static final int MAX_METHOD_LINES = 60;

    private static final Pattern EMPTY_NAME = Pattern.compile(".*(Impl|Manager|Utils?|Helpers?)");
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    private SourceRules() {}

    /** Returns the violations in {@code sources}, one line each. */
    static List<String> violations(List<Parsed> sources) {
        List<String> found = new ArrayList<>();
        for (Parsed source : sources) {
            checkText(source, found);
            new Scanner(source, found).scan(source.unit(), null);
        }
        return found;
    }

    private static void checkText(Parsed source, List<String> found) {
        String text = source.text();
        long lines = text.lines().count();
        if (lines > MAX_FILE_LINES) {
            found.add("%s has %d lines, more than %d".formatted(source.name(), lines, MAX_FILE_LINES));
        }
        if (UNFINISHED.matcher(text).find()) {
            found.add("%s speaks of unfinished work".formatted(source.name()));
        }
    }

    private static final class Scanner extends TreeScanner<Void, Void> {
        private final Parsed source;
        private final List<String> found;

        Scanner(Parsed source, List<String> found) {
            this.source = source;
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
            // The parser does not know the end of a compact constructor or of a generated member
            long last = source.lastLine(tree);
            if (last >= 0 && last - source.line(tree) >= MAX_METHOD_LINES) {
                report(tree, "%s is longer than %d lines".formatted(what, MAX_METHOD_LINES));
            }
        }

        private void report(Tree tree, String what) {
            found.add("%s:%d %s".formatted(source.name(), source.line(tree), what));
        }
    }
}
