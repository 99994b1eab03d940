package io.kad.node.api;

import io.kad.node.option.UsageException;
import java.util.List;

/**
 * Path of a command that also runs outside a session: the server serves it, and {@code --api} calls it.
 *
 * @param command name of the command
 * @param method GET if the command only reads, otherwise PUT or POST
 * @param path path below {@link #PREFIX}; its parameters are the first arguments of the command, in order
 * @param next what the argument behind those of the path is
 * @param result event of the last line of a command that has not failed
 */
public record CommandPath(String command, String method, String path, Argument next, String result) {

    /** Path of the API. */
    public static final String PREFIX = "/api/v1";

    /** Name of the parameter of an address. */
    public static final String ADDRESS = "address";

    /** Type of a body that is a value. */
    public static final String VALUE_TYPE = "application/octet-stream";

    /** Place of an argument that is not in the path. */
    public enum Argument {
        /** There is none. */
        NONE,
        /** The parameter {@link CommandPath#ADDRESS} of the query. */
        ADDRESS,
        /** The body. */
        VALUE
    }

    private static final List<CommandPath> ALL = List.of(
            new CommandPath("put", "PUT", "/records/{key}", Argument.VALUE, "put"),
            new CommandPath("get", "GET", "/records/{key}", Argument.NONE, "record"),
            new CommandPath("provide", "PUT", "/providers/{key}", Argument.NONE, "provided"),
            new CommandPath("find-providers", "GET", "/providers/{key}", Argument.NONE, "done"),
            new CommandPath("find-peer", "GET", "/peers/{peer}", Argument.NONE, "peer"),
            new CommandPath("closest-peers", "GET", "/closest-peers/{key}", Argument.NONE, "done"),
            new CommandPath("ping", "POST", "/ping", Argument.ADDRESS, "pong"),
            new CommandPath("identify", "POST", "/identify", Argument.ADDRESS, "identify"),
            new CommandPath("diagnose", "POST", "/diagnosis", Argument.NONE, "done"));

    /** Returns the path of {@code command}, which has one. */
    public static CommandPath of(String command) {
        return ALL.stream()
                .filter(path -> path.command().equals(command))
                .findFirst()
                .orElseThrow(() -> new UsageException(command + " does not run in another node: leave out --api"));
    }

    /** Returns whether the command may end with a result that is no success: a diagnosis that has found a fault. */
    public boolean mayFindFaults() {
        return mayFindFaults(command);
    }

    static boolean mayFindFaults(String command) {
        return command.equals("diagnose");
    }

    /** Returns whether the command needs the right to change something. */
    public boolean changesState() {
        return !method.equals("GET");
    }
}
