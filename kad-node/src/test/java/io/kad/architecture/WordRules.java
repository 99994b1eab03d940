package io.kad.architecture;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePathScanner;
import io.kad.architecture.ProjectSources.Parsed;
import io.kad.architecture.RetiredWords.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rules for the words in source files: no {@linkplain RetiredWords retired words} in the names of types and members and in messages, no
 * message that says "is no X", and no Javadoc of a type that begins with a question word.
 *
 * <p>A message is a string literal of two words or more. The name of an overriding method is checked where the method is declared first.
 */
final class WordRules {

    private static final Pattern NEGATED_NOUN = Pattern.compile("\\bis (no (?!longer\\b)|none\\b)");
    private static final Pattern QUESTION =
            Pattern.compile("\\s*(What|How|Who|Whom|Whose|Where|Whether|Why|When|Something)\\b.*", Pattern.DOTALL);
    private static final Pattern MESSAGE = Pattern.compile("\\s*\\S*[A-Za-z]\\S*\\s+\\S*[A-Za-z].*", Pattern.DOTALL);

    private final RetiredWords retired;

    WordRules(RetiredWords retired) {
        this.retired = retired;
    }

    /** Returns the violations in {@code sources}, one line each: file, line, word, and the word to use instead. */
    List<String> violations(List<Parsed> sources) {
        List<String> found = new ArrayList<>();
        for (Parsed source : sources) {
            new Scanner(source, found).scan(source.unit(), null);
        }
        return found;
    }

    private final class Scanner extends TreePathScanner<Void, Void> {
        private final Parsed source;
        private final List<String> found;
        private final Deque<String> types = new ArrayDeque<>();
        private @Nullable String member;

        Scanner(Parsed source, List<String> found) {
            this.source = source;
            this.found = found;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, Void none) {
            String outerMember = member;
            String name = type.getSimpleName().toString();
            if (!name.isEmpty()) {
                types.push(name);
                member = null;
                checkName(type, name);
                checkJavadoc(type, name);
            }
            super.visitClass(type, null);
            if (!name.isEmpty()) {
                types.pop();
                member = outerMember;
            }
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, Void none) {
            String name = method.getName().toString();
            return visitMember(name.equals("<init>") ? "new" : name, () -> {
                if (!overrides(method)) {
                    checkName(method, name);
                }
                super.visitMethod(method, null);
            });
        }

        private boolean overrides(MethodTree method) {
            return method.getModifiers().getAnnotations().stream()
                    .anyMatch(each -> each.getAnnotationType().toString().equals("Override"));
        }

        @Override
        public @Nullable Void visitVariable(VariableTree variable, Void none) {
            if (!(getCurrentPath().getParentPath().getLeaf() instanceof ClassTree)) {
                return super.visitVariable(variable, null);
            }
            String name = variable.getName().toString();
            return visitMember(name, () -> {
                checkName(variable, name);
                super.visitVariable(variable, null);
            });
        }

        /** Visits a member of the current type; one of an anonymous class belongs to the member around it. */
        private @Nullable Void visitMember(String name, Runnable visit) {
            String outer = member;
            if (outer == null) {
                member = name;
            }
            visit.run();
            member = outer;
            return null;
        }

        @Override
        public @Nullable Void visitLiteral(LiteralTree literal, Void none) {
            if (literal.getValue() instanceof String text
                    && MESSAGE.matcher(text).matches()) {
                report(literal, text, retired.find(Scope.MESSAGES, RetiredWords.messageWords(text), places()));
                Matcher negated = NEGATED_NOUN.matcher(text);
                if (negated.find()) {
                    report(
                            literal,
                            text,
                            List.of("'%s': say what is expected"
                                    .formatted(negated.group().strip())));
                }
            }
            return super.visitLiteral(literal, null);
        }

        private void checkName(Tree tree, String name) {
            report(tree, name, retired.find(Scope.NAMES, RetiredWords.nameWords(name), places()));
        }

        private void checkJavadoc(ClassTree type, String name) {
            String text = source.trees().getDocComment(getCurrentPath());
            Matcher question = QUESTION.matcher(text == null ? "" : text);
            if (question.matches()) {
                report(
                        type,
                        name,
                        List.of("Javadoc begins with '%s': begin with a noun phrase".formatted(question.group(1))));
            }
        }

        private Set<String> places() {
            Set<String> places = new TreeSet<>(types);
            String file = source.name();
            places.add(file.substring(file.lastIndexOf('/') + 1));
            String current = member;
            if (current != null) {
                types.forEach(type -> places.add(type + "#" + current));
            }
            return places;
        }

        private void report(Tree tree, String text, List<String> descriptions) {
            for (String description : descriptions) {
                found.add(
                        "%s:%d %s (in \"%s\")".formatted(source.name(), source.line(tree), description, text.strip()));
            }
        }
    }
}
