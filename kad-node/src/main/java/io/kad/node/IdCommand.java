package io.kad.node;

import io.kad.node.option.ArgumentParser;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.SharedFile;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import io.kad.wire.key.KeyType;
import io.kad.wire.key.PrivateKeyIdentity;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command that prints the identity of a key file. */
@Command(description = "Print the peer ID of a key file; creates the file if it does not exist.")
final class IdCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global = new GlobalOptions();

    @Option(
            names = "--key",
            paramLabel = "FILE",
            required = true,
            description = "Private key file; created if missing.")
    void key(String file) {
        key = ArgumentParser.path("--key", file);
    }

    private Path key = Path.of("");

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description =
                    "Type of the key: ed25519, secp256k1, ecdsa or rsa. Default: that of the file; for a new file, ed25519.")
    void type(String name) {
        type = ArgumentParser.keyType("--type", name);
    }

    private @Nullable KeyType type;

    @Override
    public Integer call() {
        PrivateKeyIdentity identity =
                type == null ? ArgumentParser.identity("--key", key) : ArgumentParser.identity("--key", key, type);
        Output output = Output.standard(global.json());
        SharedFile.keyWarning("--key", key).ifPresent(output::warn);
        output.write(OutputLine.done("id")
                .put("peerId", identity.peerId().toString())
                .put(
                        "publicKey",
                        Base64.getEncoder().encodeToString(identity.publicKey().toArray()))
                .put("keyType", identity.type().toString()));
        return 0;
    }
}
