package io.kad.node.option;

import io.kad.api.ConfigOption;
import io.kad.api.id.Bytes;
import io.kad.api.id.Cid;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.Quoting;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Quorum;
import io.kad.wire.key.IdentityFile;
import io.kad.wire.key.KeyType;
import io.kad.wire.key.PrivateKeyIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Parser of the values on command lines; throws {@link UsageException}. */
public final class ArgumentParser {

    /** Forms of a record key, for help texts and refusals. */
    public static final String RECORD_KEY = "/namespace/name, or 0x followed by hex digits";
    /** Forms of the key of a provider record. */
    public static final String PROVIDER_KEY = "/namespace/name, 0x followed by hex digits, a CID, or /ipfs/CID";
    /** Forms of a key of a lookup. */
    public static final String TARGET = "/namespace/name, 0x followed by hex digits, a CID, or a peer ID";
    /** Forms of the address of a peer. */
    public static final String PEER_ADDRESS = "a multiaddr that ends in /p2p/PEERID";

    /** The largest value that is read from a file or from standard input, in bytes. */
    static final int MAX_VALUE_BYTES = 64 << 20;

    /** Types of keys, as the command line names them. */
    private static final List<String> KEY_TYPES = Stream.of(KeyType.values())
            .map(type -> type.toString().toLowerCase(Locale.ROOT))
            .toList();

    private static final String IPFS = "/ipfs/";
    private static final String ADDRESS = "a multiaddr such as /ip4/192.0.2.1/tcp/4001";

    private ArgumentParser() {}

    /** Returns the key of a record, of at least 1 byte: {@code /namespace/name}, or bytes as {@code 0x...}. */
    public static RecordKey recordKey(String text) {
        return key(text, RECORD_KEY).orElseThrow(() -> UsageException.invalid("key", text, RECORD_KEY));
    }

    /**
     * Returns the key of a content, of 1 to {@link ProviderRecord#MAX_KEY_BYTES} bytes: a CID, also behind {@code /ipfs/}, bytes as {@code 0x...},
     * or {@code /namespace/name}.
     */
    public static RecordKey providerKey(String text) {
        RecordKey key = anyProviderKey(text);
        int size = key.bytes().size();
        if (size > ProviderRecord.MAX_KEY_BYTES) {
            throw UsageException.outOfRange(
                    "key", "1 to " + ProviderRecord.MAX_KEY_BYTES + " bytes", String.valueOf(size));
        }
        return key;
    }

    private static RecordKey anyProviderKey(String text) {
        if (text.startsWith(IPFS)) {
            return RecordKey.of(read("key", text, IPFS + "CID", path -> Cid.parse(path.substring(IPFS.length())))
                    .multihash());
        }
        return key(text, PROVIDER_KEY)
                .orElseGet(() ->
                        RecordKey.of(read("key", text, PROVIDER_KEY, Cid::parse).multihash()));
    }

    /** Returns the target of a lookup, before hashing: the bytes of a peer ID, a CID or a record key. */
    public static Bytes target(String text) {
        return key(text, TARGET)
                .map(RecordKey::bytes)
                .orElseGet(() -> read("key", text, TARGET, ArgumentParser::peerOrContent));
    }

    /**
     * Returns the bytes of a peer ID, or of the multihash of a CID.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Bytes peerOrContent(String text) {
        try {
            return PeerId.parse(text).bytes();
        } catch (IllegalArgumentException notPeerId) {
            return Cid.parse(text).multihash().bytes();
        }
    }

    /** Returns the key that {@code text} spells; empty if it is neither a path nor hex digits. */
    private static Optional<RecordKey> key(String text, String expected) {
        if (text.startsWith("0x")) {
            Bytes bytes = read("key", text, expected, digits -> Bytes.fromHex(digits.substring(2)));
            if (bytes.isEmpty()) {
                throw UsageException.invalid("key", text, expected + "; a key is not empty");
            }
            return Optional.of(RecordKey.of(bytes));
        }
        for (String namespace : List.of("/pk/", "/ipns/")) {
            if (text.startsWith(namespace)) {
                PeerId peer =
                        read("key", text, namespace + "PEERID", key -> PeerId.parse(key.substring(namespace.length())));
                return Optional.of(RecordKey.of(Bytes.concat(Bytes.utf8(namespace), peer.bytes())));
            }
        }
        return isPath(text) ? Optional.of(read("key", text, "valid Unicode", RecordKey::utf8)) : Optional.empty();
    }

    /** Returns whether {@code text} is a slash, a namespace, a slash, and a name, which may contain slashes. */
    private static boolean isPath(String text) {
        int end = text.indexOf('/', 1);
        return text.startsWith("/") && end > 1 && end < text.length() - 1;
    }

    /**
     * Returns the value itself, the content of the file after {@code @}, or for {@code -} that of {@code standardInput}.
     *
     * @param standardInput empty where standard input carries commands
     */
    public static Bytes value(String text, Optional<InputStream> standardInput) {
        try {
            if (text.equals("-")) {
                return limited(standardInput.orElseThrow(() -> UsageException.invalid(
                        "VALUE", text, "the value itself or @FILE, as standard input carries the commands")));
            } else if (text.startsWith("@")) {
                try (InputStream file = Files.newInputStream(path("VALUE", text.substring(1)))) {
                    return limited(file);
                }
            }
            return read("VALUE", text, "valid Unicode", Bytes::utf8);
        } catch (IOException e) {
            throw UsageException.cannot("read VALUE " + text, e);
        }
    }

    /** Returns the path of a file; a refusal calls it {@code name}. */
    public static Path path(String name, String text) {
        if (text.isEmpty()) {
            throw UsageException.invalid(name, text, "the name of a file or directory");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            boolean isPlain = text.chars().allMatch(character -> character >= ' ' && character < 0x7f);
            String cause = isPlain || text.indexOf(0) >= 0
                    ? "expected the name of a file or directory"
                    : "the locale has no such file names; use a UTF-8 locale, such as LC_ALL=C.UTF-8";
            throw new UsageException("invalid " + name + " " + Quoting.text(text) + ": " + cause, e);
        }
    }

    private static Bytes limited(InputStream in) throws IOException {
        byte[] content = in.readNBytes(MAX_VALUE_BYTES + 1);
        if (content.length > MAX_VALUE_BYTES) {
            throw new UsageException("VALUE exceeds the limit of " + MAX_VALUE_BYTES + " bytes");
        }
        return Bytes.of(content);
    }

    /** Returns the peer of that ID. */
    public static PeerId peerId(String text) {
        return read("peer ID", text, "base58 such as 12D3Koo..., or a CID", PeerId::parse);
    }

    /** Returns the address; a refusal calls it {@code name}. */
    public static Multiaddr address(String name, String text) {
        try {
            return Multiaddr.parse(text);
        } catch (IllegalArgumentException e) {
            Throwable reason = Objects.requireNonNullElse(e.getCause(), e);
            throw new UsageException(
                    "invalid " + name + " " + Quoting.text(text) + ": expected " + ADDRESS + " (" + reason.getMessage()
                            + ")",
                    e);
        }
    }

    /** Returns the peer at the end of the address, with the address before it; a refusal calls it {@code name}. */
    public static PeerInfo peerAt(String name, String text) {
        Multiaddr address = address(name, text);
        if (address.peerId().isEmpty()) {
            throw UsageException.invalid(name, text, PEER_ADDRESS);
        }
        return PeerInfo.of(address);
    }

    /** Returns the identity in {@code file}, which {@code option} names; creates the file, with an Ed25519 key, if it does not exist. */
    public static PrivateKeyIdentity identity(String option, Path file) {
        return identity(option, () -> IdentityFile.loadOrCreate(file));
    }

    /** Returns the identity in {@code file}, which {@code option} names; creates the file if it does not exist, and refuses a key of another type. */
    public static PrivateKeyIdentity identity(String option, Path file, KeyType type) {
        return identity(option, () -> IdentityFile.loadOrCreate(file, type));
    }

    /** Returns the identity in {@code file}, which {@code option} names and which is only read; empty if it does not exist. */
    public static Optional<PrivateKeyIdentity> existingIdentity(String option, Path file) {
        return identity(option, () -> IdentityFile.load(file));
    }

    private static <T> T identity(String option, IdentityReader<T> reader) {
        try {
            return reader.read();
        } catch (IOException e) {
            throw new UsageException(option + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reader of a file with an identity.
     *
     * @param <T> what it returns
     */
    private interface IdentityReader<T> {
        T read() throws IOException;
    }

    /** Returns the type of a key, which {@code option} names, such as {@code ed25519}; case is ignored. */
    public static KeyType keyType(String option, String text) {
        return Stream.of(KeyType.values())
                .filter(type -> type.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> UsageException.unknown("key type", text, option, KEY_TYPES));
    }

    /** Returns the quorum. */
    public static Quorum quorum(String text) {
        return read("quorum", text, "one, majority, all, or an integer of at least 1", Quorum::parse);
    }

    /** Returns the duration, which must be positive; a refusal calls it {@code name}. */
    public static Duration positiveDuration(String name, String text) {
        Duration duration = read(name, text, "a duration such as 30s, 500ms or 36h", ConfigOption::parseDuration);
        if (duration.isZero() || duration.isNegative()) {
            throw UsageException.outOfRange(name, "greater than 0", text);
        }
        return duration;
    }

    private static <T> T read(String name, String text, String expected, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            UsageException refusal = UsageException.invalid(name, text, expected);
            refusal.initCause(e);
            throw refusal;
        }
    }
}
