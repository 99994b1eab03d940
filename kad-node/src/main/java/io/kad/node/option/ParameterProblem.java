package io.kad.node.option;

import io.kad.api.id.Quoting;
import io.kad.api.text.UnknownName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Text of a command line that picocli refuses: one line that names the argument and the allowed values. */
public final class ParameterProblem {

    /** Word after which each word is an argument. */
    private static final String END_OF_OPTIONS = "--";

    private static final String MUST_FOLLOW = ", after the command";

    private ParameterProblem() {}

    /**
     * Returns the text for people.
     *
     * @param args the words of the command line that was refused
     */
    public static String text(ParameterException refused, List<String> args) {
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            if (cause instanceof UsageException input) {
                return String.valueOf(input.getMessage());
            }
        }
        CommandSpec command = refused.getCommandLine().getCommandSpec();
        if (refused instanceof UnmatchedArgumentException unmatched) {
            return unmatched(command, unmatched.getUnmatched(), args);
        } else if (refused instanceof MissingParameterException missing) {
            return missing(command, missing.getMissing(), args);
        } else if (refused instanceof OverwrittenOptionException twice) {
            return name(twice.getOverwritten()) + " must be given only once";
        } else if (refused.getArgSpec() != null && refused.getValue() != null) {
            return "invalid " + name(refused.getArgSpec()) + " " + Quoting.text(refused.getValue()) + ": expected "
                    + allowedValues(refused.getArgSpec());
        }
        return String.valueOf(refused.getMessage());
    }

    /** Returns the values of an option that picocli itself checks: a flag, or a name. */
    private static String allowedValues(ArgSpec arg) {
        return arg.typeInfo().isBoolean() ? "true or false" : arg.paramLabel();
    }

    private static String unmatched(CommandSpec command, List<String> words, List<String> args) {
        Optional<String> behindEnd = words.stream()
                .filter(word -> command.findOption(withoutValue(word)) != null)
                .findFirst();
        boolean namesCommand = !command.subcommands().isEmpty() && !isOption(words.get(0));
        if (namesCommand && args.get(0).equals(END_OF_OPTIONS)) {
            return "unexpected '--' before the command: it must follow it, as in " + command.name() + " COMMAND --";
        } else if (behindEnd.isPresent() && args.contains(END_OF_OPTIONS)) {
            return "option '" + withoutValue(behindEnd.get())
                    + "' stands after '--', where each word is an argument: put it before '--'";
        } else if (namesCommand) {
            return UnknownName.message(
                    "command", words.get(0), command.subcommands().keySet());
        }
        return words.stream()
                .filter(ParameterProblem::isOption)
                .findFirst()
                .map(word -> unknownOption(command, withoutValue(word)))
                .orElseGet(() -> "unexpected argument " + Quoting.text(words.get(0)) + "; usage: " + usage(command));
    }

    private static boolean isOption(String word) {
        return word.length() > 1 && word.startsWith("-");
    }

    private static String withoutValue(String option) {
        return option.split("=", 2)[0];
    }

    private static String unknownOption(CommandSpec command, String name) {
        List<String> ofCommands = command.subcommands().values().stream()
                .flatMap(sub -> options(sub.getCommandSpec()))
                .distinct()
                .toList();
        if (ofCommands.contains(name)) {
            return "option '" + name + "' must follow the command: " + command.name() + " COMMAND " + name;
        }
        boolean mistypedOneOfCommand = !UnknownName.suggestion(name, ofCommands).isEmpty();
        return mistypedOneOfCommand
                ? UnknownName.message("option", name, ofCommands) + MUST_FOLLOW
                : UnknownName.message("option", name, options(command).toList());
    }

    private static Stream<String> options(CommandSpec command) {
        return command.options().stream().map(OptionSpec::longestName).sorted();
    }

    /** Returns the text for what is missing; a mistyped option explains why something is missing, and comes first. */
    private static String missing(CommandSpec command, List<ArgSpec> missing, List<String> args) {
        Optional<String> mistyped = args.stream()
                .filter(word -> word.startsWith("--") && word.length() > 2)
                .filter(word -> command.findOption(withoutValue(word)) == null)
                .findFirst();
        if (mistyped.isPresent()) {
            boolean isEarly = args.indexOf(mistyped.get()) < args.indexOf(command.name());
            return unknownOption(command, withoutValue(mistyped.get())) + (isEarly ? MUST_FOLLOW : "");
        }
        if (missing.size() == 1 && missing.get(0) instanceof OptionSpec option && isAmong(args, option)) {
            return "missing " + option.paramLabel() + " after " + name(option);
        }
        Optional<String> dashed = dashed(command, args);
        if (dashed.isPresent()) {
            return "unknown option " + Quoting.text(dashed.get())
                    + "; for an argument that begins with a dash, put '--' before the arguments, after all options";
        }
        return "missing " + missing.stream().map(ParameterProblem::label).collect(Collectors.joining(" and "))
                + "; usage: " + usage(command);
    }

    /** Returns the first word that looks like an option, and is neither one nor the value of one. */
    private static Optional<String> dashed(CommandSpec command, List<String> args) {
        int end = args.contains(END_OF_OPTIONS) ? args.indexOf(END_OF_OPTIONS) : args.size();
        for (int at = 0; at < end; at++) {
            OptionSpec option = command.findOption(withoutValue(args.get(at)));
            if (option != null) {
                at += args.get(at).contains("=") ? 0 : option.arity().min();
            } else if (isOption(args.get(at))) {
                return Optional.of(args.get(at));
            }
        }
        return Optional.empty();
    }

    private static boolean isAmong(List<String> args, OptionSpec option) {
        return Stream.of(option.names()).anyMatch(args::contains);
    }

    /** Returns what must be given: {@code kad put KEY VALUE}. */
    private static String usage(CommandSpec command) {
        Stream<ArgSpec> options =
                command.options().stream().filter(OptionSpec::required).map(ArgSpec.class::cast);
        Stream<ArgSpec> arguments = command.positionalParameters().stream()
                .sorted(Comparator.comparingInt(argument -> argument.index().min()))
                .map(ArgSpec.class::cast);
        return Stream.concat(
                        Stream.of(command.qualifiedName()),
                        Stream.concat(options, arguments).map(ParameterProblem::label))
                .collect(Collectors.joining(" "));
    }

    private static String label(ArgSpec arg) {
        return arg instanceof OptionSpec option ? name(option) + " " + option.paramLabel() : arg.paramLabel();
    }

    private static String name(ArgSpec arg) {
        return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
    }
}
