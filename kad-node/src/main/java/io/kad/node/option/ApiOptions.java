package io.kad.node.option;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of a command that may run in another node. */
public final class ApiOptions {

    /** Option of the address. */
    public static final String ADDRESS = "--api";

    /** Option of the token. */
    public static final String TOKEN = "--token";

    /** Environment variable of the token, for a command without the option. */
    public static final String VARIABLE = "KAD_TOKEN";

    @Option(
            names = ADDRESS,
            paramLabel = "HOST:PORT",
            description = "Address of the HTTP API (--http) of a node, in which the command then runs. Default: none"
                    + " (the command joins the network itself).")
    private @Nullable String address;

    @Option(
            names = TOKEN,
            paramLabel = "TOKEN",
            description =
                    "Token of that node: of its --http-token, or in the file http-token of its data directory."
                            + " Sent only by commands that need it. Default: that of the environment variable KAD_TOKEN; none without it.")
    private @Nullable String token;

    /**
     * Returns the address of the node; empty if the command runs by itself.
     *
     * @param ofPeer the options of a peer that the command line has, which another node has already
     */
    public Optional<String> address(List<String> ofPeer) {
        if (address == null && token != null) {
            throw new UsageException(
                    TOKEN + " has no effect without " + ADDRESS + "; add that option, or remove this one");
        } else if (address != null && !ofPeer.isEmpty()) {
            throw new UsageException(ofPeer.get(0) + " has no effect with " + ADDRESS
                    + ", as the command runs in that node; remove one of them");
        }
        return Optional.ofNullable(address);
    }

    /** Returns the token; empty if none is given. */
    public Optional<String> token() {
        return token(System.getenv());
    }

    /** Returns the token of the option, or else that of {@code environment}; one that is empty is none. */
    Optional<String> token(Map<String, String> environment) {
        return Optional.ofNullable(token)
                .or(() -> Optional.ofNullable(environment.get(VARIABLE)).filter(text -> !text.isEmpty()));
    }

    /** Returns what has named the token: the option, or the environment variable. */
    public String tokenName() {
        return token == null ? VARIABLE : TOKEN;
    }
}
