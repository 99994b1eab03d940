package io.kad.node.option;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of a node: those of its peer and of its HTTP server, and its mode. */
public final class NodeOptions {

    @Mixin
    private PeerOptions peer = new PeerOptions();

    @Mixin
    private HttpOptions http = new HttpOptions();

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "Set the mode: server, client or auto. Default: server.")
    void mode(String text) {
        var unused = PeerOptions.mode(text); // checks it
        mode = text;
    }

    private String mode = "";

    /** Returns the options of the peer. */
    public PeerOptions peer() {
        return peer;
    }

    /** Returns the mode of the command line; empty if it is not given. */
    public String mode() {
        return mode;
    }

    /** Returns the address of the HTTP server; empty if there shall be none. */
    public Optional<HttpOptions.Value> httpAddress() {
        return http.address(peer);
    }

    /** Returns the token of the HTTP server; empty if none is given. */
    public Optional<HttpOptions.Value> httpToken() {
        return http.token(peer);
    }

    /** Returns every option with its value and where that comes from; a value that is not allowed is an error, but those of HTTP are not checked. */
    public List<EffectiveOption> effective() {
        return Stream.of(peer.effective(mode), http.effective(peer))
                .flatMap(List::stream)
                .toList();
    }
}
