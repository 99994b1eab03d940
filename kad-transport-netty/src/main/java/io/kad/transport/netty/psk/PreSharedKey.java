package io.kad.transport.netty.psk;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.text.FileFailure;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.params.KeyParameter;

/** Key that all peers of a private network have. Immutable. */
public final class PreSharedKey {

    /** Bytes of a key. */
    static final int BYTES = 32;

    private static final String HEADER = "/key/swarm/psk/1.0.0/";
    private static final String BASE16 = "/base16/";
    private static final String BASE64 = "/base64/";
    private static final String BINARY = "/bin/";
    /** Longest file that is read. */
    private static final int MAX_FILE_BYTES = 4096;

    private final KeyParameter key;

    private PreSharedKey(byte[] key) {
        this.key = new KeyParameter(key);
    }

    /**
     * Returns the key that {@code config} names; empty if there is none.
     *
     * @throws IllegalArgumentException as {@link #read}
     */
    public static Optional<PreSharedKey> of(KademliaConfig config) {
        String file = config.get(TransportOptions.PSK);
        return file.isEmpty() ? Optional.empty() : Optional.of(read(Path.of(file)));
    }

    /**
     * Reads a file of a key: a line with the format, one with the encoding, and the key.
     *
     * @throws IllegalArgumentException with a message of one line, if the file can't be read or has another form
     */
    public static PreSharedKey read(Path file) {
        byte[] content;
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IllegalArgumentException("psk: " + file + " is too long for a key");
            }
            content = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("psk: cannot read " + file + ": " + FileFailure.reason(e), e);
        }
        try {
            return parse(content);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("psk: " + file + " has no key: " + e.getMessage(), e);
        }
    }

    /**
     * Parses the content of such a file.
     *
     * @throws IllegalArgumentException if it has another form
     */
    static PreSharedKey parse(byte[] content) {
        int[] at = {0};
        String header = line(content, at);
        String encoding = line(content, at);
        if (!header.equals(HEADER) || !List.of(BASE16, BASE64, BINARY).contains(encoding)) {
            throw new IllegalArgumentException("expected a line " + HEADER + ", then a line " + BASE16 + ", " + BASE64
                    + " or " + BINARY + ", then the key");
        }
        byte[] rest = Arrays.copyOfRange(content, at[0], content.length);
        String text = new String(rest, StandardCharsets.ISO_8859_1).strip();
        byte[] key = switch (encoding) {
            case BASE16 -> HexFormat.of().parseHex(text);
            case BASE64 -> Base64.getDecoder().decode(text);
            default -> binary(rest);
        };
        if (key.length != BYTES) {
            throw new IllegalArgumentException("expected " + BYTES + " bytes, got " + key.length);
        }
        return new PreSharedKey(key);
    }

    /** Returns the bytes of a key, which a line feed may follow. */
    private static byte[] binary(byte[] rest) {
        return rest.length == BYTES + 1 && rest[BYTES] == '\n' ? Arrays.copyOf(rest, BYTES) : rest;
    }

    private static String line(byte[] content, int[] at) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (at[0] < content.length && content[at[0]] != '\n') {
            line.write(content[at[0]]);
            at[0]++;
        }
        at[0]++;
        at[0] = Math.min(at[0], content.length);
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /** Creates the handler of one connection. */
    public ChannelHandler newHandler() {
        return new PskHandler(key);
    }

    /**
     * Returns the end of a message about a connection that has failed: that the remote peer may lack the key. Empty if the network is not private,
     * or the remote peer has proved that it has the key.
     */
    public static String suspicion(Channel channel) {
        PskHandler handler = channel.pipeline().get(PskHandler.class);
        return handler == null || handler.remoteHasKey()
                ? ""
                : "; the remote peer may have another pre-shared key (psk), or none";
    }
}
