package io.kad.interop;

import static org.junit.jupiter.api.Assumptions.abort;

import io.kad.wire.key.KeyType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
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
            Map.of(Ability.ECDSA_KEYS, "the library has no peer IDs of ECDSA keys")),
    RUST(
            false,
            "src/test/rust/build.sh",
            "target/rust/peer",
            List.of("target/rust/peer"),
            Map.of(
                    Ability.PROVIDER_ADDRESSES, "get_providers returns the IDs of providers only",
                    Ability.COUNT_OF_PROVIDES, "start_providing does not return who was told",
                    Ability.NEW_RSA_KEYS, "the library reads RSA keys and makes none",
                    Ability.SIGNED_RECORDS, "the library reads signed peer records of its own format only")),
    GO(
            false,
            "src/test/go/build.sh",
            "target/go/peer",
            List.of("target/go/peer"),
            Map.of(
                    Ability.HOLDERS_OF_PUTS, "PutValue does not return who has stored the record",
                    Ability.HOLDERS_OF_GETS, "GetValue does not return who has the record",
                    Ability.COUNT_OF_PROVIDES, "Provide does not return who was told",
                    Ability.CHANGE_OF_MODE, "the mode is set at the start, or follows from the reachability"));

    private static final Logger LOG = LoggerFactory.getLogger(Implementation.class);
    private static final Set<Implementation> MISSING = ConcurrentHashMap.newKeySet();

    /** What a peer may lack, since its library does. */
    enum Ability {
        HOLDERS_OF_PUTS,
        HOLDERS_OF_GETS,
        COUNT_OF_PROVIDES,
        PROVIDER_ADDRESSES,
        CHANGE_OF_MODE,
        ECDSA_KEYS,
        NEW_RSA_KEYS,
        SIGNED_RECORDS
    }

    private final boolean required;
    private final String build;
    private final String built;
    private final List<String> command;
    private final Map<Ability, String> lacks;

    Implementation(boolean required, String build, String built, List<String> command, Map<Ability, String> lacks) {
        this.required = required;
        this.build = build;
        this.built = built;
        this.command = command;
        this.lacks = lacks;
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

    /** Returns the types of keys that peers of both sides may have. */
    List<KeyType> keyTypes() {
        return Stream.of(KeyType.values())
                .filter(type -> type != KeyType.ECDSA || can(Ability.ECDSA_KEYS))
                .toList();
    }

    /** Returns the options of a peer with a new key of {@code type}; {@code directory} takes the file of a key that the peer can't make. */
    List<String> keyOptions(KeyType type, Path directory) throws IOException, GeneralSecurityException {
        if (type == KeyType.RSA && !can(Ability.NEW_RSA_KEYS)) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            byte[] pkcs8 = generator.generateKeyPair().getPrivate().getEncoded();
            return List.of(
                    "--rsa-key",
                    Files.write(directory.resolve(name() + ".rsa"), pkcs8).toString());
        }
        // The peers write it like their libraries
        return List.of("--key-type", type == KeyType.SECP256K1 ? "secp256k1" : type.toString());
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
