package io.kad.node.option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the HTTP server of a node. */
public final class HttpOptions {

    /** Name of the option of the address, without its dashes. */
    public static final String ADDRESS = "http";

    /** Name of the option of the token, without its dashes. */
    public static final String TOKEN = "http-token";

    private static final String HIDDEN = "(hidden)";

    @Option(
            names = "--" + ADDRESS,
            paramLabel = "HOST:PORT",
            description = "Address of the HTTP API and metrics; port 0 picks one. Default: none (off).")
    private @Nullable String address;

    @Option(
            names = "--" + TOKEN,
            paramLabel = "TOKEN",
            description = "Token that HTTP calls need to change something. Default: http-token in the data directory,"
                    + " created if missing; without --data none, and only programs of this machine may change"
                    + " something.")
    private @Nullable String token;

    /**
     * Value of an option.
     *
     * @param name the option as refusals call it
     * @param text the value
     */
    public record Value(String name, String text) {}

    /** Returns the address, from the command line or the file of {@code options}; empty if there shall be no server. */
    public Optional<Value> address(PeerOptions options) {
        return value(ADDRESS, address, options);
    }

    /** Returns the token, from the command line or the file of {@code options}; empty if none is given. */
    public Optional<Value> token(PeerOptions options) {
        Optional<Value> given = value(TOKEN, token, options);
        if (given.isPresent() && address(options).isEmpty()) {
            throw new UsageException(given.get().name() + " has no effect without --" + ADDRESS
                    + "; add that option, or remove this one");
        }
        return given;
    }

    /** Returns the file of the token that is used if none is given; empty without a data directory. */
    public static Optional<Path> tokenFile(PeerOptions options) {
        return options.data().map(directory -> directory.resolve(TOKEN));
    }

    /** Returns both options with their values and where those come from; a token itself is not shown. */
    List<EffectiveOption> effective(PeerOptions options) {
        EffectiveOption where = options.effective(ADDRESS, address == null ? "" : address, "");
        EffectiveOption secret = options.effective(TOKEN, token == null ? "" : token, "");
        String file = where.value().isEmpty()
                ? ""
                : tokenFile(options).map(Path::toString).orElse("");
        return List.of(where, new EffectiveOption(TOKEN, secret.value().isEmpty() ? file : HIDDEN, secret.source()));
    }

    private static Optional<Value> value(String name, @Nullable String given, PeerOptions options) {
        return given == null
                ? options.fileValue(name).map(text -> new Value(options.filePosition(name), text))
                : Optional.of(new Value("--" + name, given));
    }
}
