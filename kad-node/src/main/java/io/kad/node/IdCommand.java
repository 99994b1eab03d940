package io.kad.node;

import io.kad.api.Identity;
import io.kad.node.option.ArgumentParser;
import io.kad.node.option.GlobalOptions;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command that prints the identity of a key file. */
@Command(name = "id", description = "Print the peer ID of a key file; creates the file if it does not exist.")
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

    @Override
    public Integer call() {
        Identity identity = ArgumentParser.identity("--key", key);
        Output.standard(global.json())
                .write(OutputLine.done("id")
                        .put("peerId", identity.peerId().toString())
                        .put(
                                "publicKey",
                                Base64.getEncoder()
                                        .encodeToString(identity.publicKey().toArray()))
                        .put("keyType", "Ed25519"));
        return 0;
    }
}
