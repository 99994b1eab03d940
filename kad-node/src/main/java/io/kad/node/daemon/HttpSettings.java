package io.kad.node.daemon;

import io.kad.node.http.AccessToken;
import io.kad.node.http.HttpAddress;
import io.kad.node.option.HttpOptions;
import io.kad.node.option.NodeOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Address and token of the HTTP server of a node.
 *
 * @param name the option of the address, as refusals call it
 * @param token the token of the options; empty if they have none
 * @param file the file of the token otherwise; empty without a data directory
 */
public record HttpSettings(String name, InetSocketAddress address, Optional<AccessToken> token, Optional<Path> file) {

    /** Returns the settings that {@code options} have, which are checked; empty if there shall be no server. */
    public static Optional<HttpSettings> of(NodeOptions options) {
        Optional<AccessToken> token = options.httpToken().map(value -> AccessToken.parse(value.name(), value.text()));
        return options.httpAddress()
                .map(value -> new HttpSettings(
                        value.name() + " " + value.text(),
                        HttpAddress.parse(value.name(), value.text()),
                        token,
                        HttpOptions.tokenFile(options.peer())));
    }

    /** Returns the token of the server: that of the options, or that of the file, which is created if it does not exist. */
    Optional<AccessToken> effectiveToken() {
        return token.or(() -> file.map(AccessToken::loadOrCreate));
    }
}
