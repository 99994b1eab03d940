package io.kad.node;

import io.kad.api.Identity;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.KeyFile;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells who the peer of a key file is. */
@Command(name = "id", description = "Tell the peer id of a key file, which is made on first use.")
final class IdCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global = new GlobalOptions();

    @Option(names = "--key", paramLabel = "FILE", required = true, description = "The file of the private key.")
    private Path key = Path.of("");

    @Override
    public Integer call() {
        Identity identity = KeyFile.loadOrCreate(key);
        new Output(System.out, global.json())
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
