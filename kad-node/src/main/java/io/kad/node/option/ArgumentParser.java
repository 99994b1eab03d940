package io.kad.node.option;

import io.kad.api.ConfigOption;
import io.kad.api.id.Bytes;
import io.kad.api.id.Cid;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Reads the values that people write on command lines; each fault is an {@link UsageException}. */
public final class ArgumentParser {

    /** The largest value that is read from a file or from standard input, in bytes. */
    static final int MAX_VALUE_BYTES = 64 << 20;

    private ArgumentParser() {}

    /** Returns the key of a record: {@code /namespace/name}, or bytes as {@code 0x...}. */
    public static RecordKey recordKey(String text) {
        if (text.startsWith("0x")) {
            return RecordKey.of(hex(text));
        }
        for (String namespace : List.of("/pk/", "/ipns/")) {
            if (text.startsWith(namespace)) {
                PeerId peer = peerId(text.substring(namespace.length()));
                return RecordKey.of(Bytes.concat(Bytes.utf8(namespace), peer.bytes()));
            }
        }
        if (!text.startsWith("/") || text.length() < 2) {
            throw new UsageException("key '" + text + "' is none: /namespace/name or 0x and hexadecimal digits is");
        }
        return RecordKey.utf8(text);
    }

    /** Returns the key of a content: a CID, bytes as {@code 0x...}, or a text that begins with a slash. */
    public static RecordKey providerKey(String text) {
        if (text.startsWith("0x") || text.startsWith("/")) {
            return recordKey(text);
        }
        return RecordKey.of(read("key", text, Cid::parse).multihash());
    }

    /** Returns what a place in the key space is named by: a peer id, or any key. */
    public static Bytes place(String text) {
        if (text.startsWith("0x") || text.startsWith("/")) {
            return recordKey(text).bytes();
        }
        try {
            return PeerId.parse(text).bytes();
        } catch (IllegalArgumentException noPeer) {
            try {
                return Cid.parse(text).multihash().bytes();
            } catch (IllegalArgumentException noCid) {
                throw new UsageException(
                        "key '" + text + "' is none: a peer id, a CID, /namespace/name or 0x and hexadecimal digits is",
                        noCid);
            }
        }
    }

    /** Returns the value itself, what is in the file after {@code @}, or for {@code -} what is in {@code standardInput}. */
    public static Bytes value(String text, InputStream standardInput) {
        try {
            if (text.equals("-")) {
                return limited(standardInput);
            }
            if (text.startsWith("@")) {
                try (InputStream file = Files.newInputStream(Path.of(text.substring(1)))) {
                    return limited(file);
                }
            }
            return Bytes.utf8(text);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new UsageException("value '" + text + "' can't be read: " + unreadable, unreadable);
        }
    }

    private static Bytes limited(InputStream in) throws IOException {
        byte[] content = in.readNBytes(MAX_VALUE_BYTES + 1);
        if (content.length > MAX_VALUE_BYTES) {
            throw new UsageException("a value is at most " + MAX_VALUE_BYTES + " bytes");
        }
        return Bytes.of(content);
    }

    /** Returns the peer of that id. */
    public static PeerId peerId(String text) {
        return read("peer id", text, PeerId::parse);
    }

    /** Returns the address. */
    public static Multiaddr address(String text) {
        return read("address", text, Multiaddr::parse);
    }

    /** Returns the peer at the end of the address, with the address before it. */
    public static PeerInfo peerAt(String text) {
        Multiaddr address = address(text);
        PeerId peer = address.peerId()
                .orElseThrow(
                        () -> new UsageException("address '" + text + "' names no peer: it must end in /p2p/PEERID"));
        return PeerInfo.of(peer, address.withoutPeerId().stream().toList());
    }

    /** Returns the quorum. */
    public static Quorum quorum(String text) {
        return read("--quorum", text, Quorum::parse);
    }

    /** Returns the duration. */
    public static Duration duration(String name, String text) {
        return read(name, text, ConfigOption::parseDuration);
    }

    private static Bytes hex(String text) {
        return read("key", text, digits -> Bytes.fromHex(digits.substring(2)));
    }

    private static <T> T read(String name, String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException | java.time.DateTimeException | ArithmeticException unusable) {
            throw new UsageException(name + ": " + unusable.getMessage(), unusable);
        }
    }
}
