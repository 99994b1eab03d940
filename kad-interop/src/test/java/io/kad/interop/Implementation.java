package io.kad.interop;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The other libp2p implementations, how a peer of each is started, and what it can't do. */
@SuppressWarnings("ImmutableEnumChecker") // the collections are made by List.of and Map.of
enum Implementation {
    JS(
            true,
            "src/test/js/install.sh",
            "src/test/js/node_modules",
            List.of("node", "src/test/js/peer.mjs"),
            Map.of(),
            List.of("secp256k1", "RSA")),
    RUST(
            false,
            "src/test/rust/build.sh",
            "target/rust/peer",
            List.of("target/rust/peer"),
            Map.of(
                    Ability.PROVIDER_ADDRESSES, "get_providers returns the IDs of providers only",
                    Ability.COUNT_OF_PROVIDES, "start_providing does not return who was told"),
            List.of("secp256k1", "ECDSA")),
    GO(
            false,
            "src/test/go/build.sh",
            "target/go/peer",
            List.of("target/go/peer"),
            Map.of(
                    Ability.HOLDERS_OF_PUTS, "PutValue does not return who has stored the record",
                    Ability.HOLDERS_OF_GETS, "GetValue does not return who has the record",
                    Ability.COUNT_OF_PROVIDES, "Provide does not return who was told",
                    Ability.CHANGE_OF_MODE, "the mode is set at the start, or follows from the reachability"),
            List.of("secp256k1", "ECDSA", "RSA"));

    private static final Logger LOG = LoggerFactory.getLogger(Implementation.class);
    private static final Set<Implementation> MISSING = ConcurrentHashMap.newKeySet();

    /** What a peer may lack, since its library does. */
    enum Ability {
        HOLDERS_OF_PUTS,
        HOLDERS_OF_GETS,
        COUNT_OF_PROVIDES,
        PROVIDER_ADDRESSES,
        CHANGE_OF_MODE
    }

    private final boolean required;
    private final String build;
    private final String built;
    private final List<String> command;
    private final Map<Ability, String> lacks;
    private final List<String> furtherKeyTypes;

    Implementation(
            boolean required,
            String build,
            String built,
            List<String> command,
            Map<Ability, String> lacks,
            List<String> furtherKeyTypes) {
        this.required = required;
        this.build = build;
        this.built = built;
        this.command = command;
        this.lacks = lacks;
        this.furtherKeyTypes = furtherKeyTypes;
    }

    /** Returns the command that starts a peer; the test is skipped if the build has left out this implementation. */
    List<String> command() {
        requireBuilt();
        return command.stream()
                .map(word -> word.contains("/") ? inModule(word).toString() : word)
                .toList();
    }

    /** Ends the test as skipped if the build has left out this implementation. */
    void requireBuilt() {
        if (Files.exists(inModule(built))) {
            return;
        }
        String why = this + " peers are not built; 'sh kad-interop/" + build + "' builds them or says what is missing";
        if (required) {
            throw new IllegalStateException(why);
        }
        if (MISSING.add(this)) {
            LOG.warn("SKIPPED: all tests with {}", why);
        }
        abort(why);
    }

    boolean can(Ability ability) {
        return !lacks.containsKey(ability);
    }

    /** Ends the test as skipped, with the reason, if a peer can't do that. */
    void require(Ability ability) {
        if (!can(ability)) {
            abort(this + ": " + lacks.get(ability));
        }
    }

    /** Returns the types of keys beside Ed25519 that both sides have. */
    List<String> furtherKeyTypes() {
        return furtherKeyTypes;
    }

    /** Maven runs tests in the module's directory, other tools in the project's. */
    private static Path inModule(String path) {
        Path module = Path.of("").toAbsolutePath();
        return Files.isDirectory(module.resolve("kad-interop"))
                ? module.resolve("kad-interop").resolve(path)
                : module.resolve(path);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT) + "-libp2p";
    }
}
