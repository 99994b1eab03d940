package io.kad.architecture;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import io.kad.architecture.ProjectSources.Parsed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The types of source files by simple name, nested ones too, with their nested types and the names of their members. */
final class TypeIndex {

    private final Map<String, List<ClassTree>> types = new HashMap<>();

    TypeIndex(List<Parsed> sources) {
        for (Parsed source : sources) {
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitClass(ClassTree type, Void none) {
                    types.computeIfAbsent(type.getSimpleName().toString(), name -> new ArrayList<>())
                            .add(type);
                    return super.visitClass(type, null);
                }
            }.scan(source.unit(), null);
        }
    }

    /** Returns whether {@code path}, a simple name and then nested types or a member, leads to something declared. */
    boolean contains(List<String> path) {
        return types.getOrDefault(path.get(0), List.of()).stream()
                .anyMatch(type -> contains(type, path.subList(1, path.size())));
    }

    private static boolean contains(ClassTree type, List<String> path) {
        if (path.isEmpty()) {
            return true;
        }
        for (Tree member : type.getMembers()) {
            if (member instanceof ClassTree nested && nested.getSimpleName().contentEquals(path.get(0))) {
                return contains(nested, path.subList(1, path.size()));
            }
            boolean named = (member instanceof MethodTree method
                            && method.getName().contentEquals(path.get(0)))
                    || (member instanceof VariableTree field && field.getName().contentEquals(path.get(0)));
            if (named) {
                return true;
            }
        }
        return false;
    }
}
