package io.kad.transport.netty.psk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.transport.netty.upgrade.UpgradeException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreSharedKeyTest {

    private static final String HEADER = "/key/swarm/psk/1.0.0/\n";
    private static final byte[] MULTISTREAM = "\u0013/multistream/1.0.0\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEY = ascii("this is 32-byte key for xsalsa20");

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Decrypts what the cipher of a key has sent first. */
    private static byte[] decrypt(byte[] key, byte[] sent) {
        XSalsa20Engine cipher = new XSalsa20Engine();
        byte[] nonce = Arrays.copyOf(sent, PskHandler.NONCE_BYTES);
        cipher.init(false, new ParametersWithIV(new KeyParameter(key), nonce));
        byte[] plain = new byte[sent.length - nonce.length];
        cipher.processBytes(sent, nonce.length, plain.length, plain, 0);
        return plain;
    }

    private static byte[] sent(EmbeddedChannel channel) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuf each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
            all.writeBytes(ByteBufUtil.getBytes(each));
            each.release();
        }
        return all.toByteArray();
    }

    private static byte[] received(EmbeddedChannel channel) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuf each = channel.readInbound(); each != null; each = channel.readInbound()) {
            all.writeBytes(ByteBufUtil.getBytes(each));
            each.release();
        }
        return all.toByteArray();
    }

    private static EmbeddedChannel channel(byte[] content) {
        return new EmbeddedChannel(PreSharedKey.parse(content).newHandler());
    }

    @Test
    void eachEncodingIsRead() {
        for (byte[] content : new byte[][] {
            ascii(HEADER + "/base16/\n" + HexFormat.of().formatHex(KEY)),
            ascii(HEADER + "/base16/\n" + HexFormat.of().withUpperCase().formatHex(KEY) + "\n"),
            ascii(HEADER.replace("\n", "\r\n") + "/base64/\r\n"
                    + Base64.getEncoder().encodeToString(KEY) + "\r\n"),
            concat(ascii(HEADER + "/bin/\n"), KEY),
            concat(ascii(HEADER + "/bin/\n"), KEY, ascii("\n"))
        }) {
            EmbeddedChannel channel = channel(content);
            channel.writeOutbound(Unpooled.wrappedBuffer(MULTISTREAM));
            assertThat(decrypt(KEY, sent(channel))).isEqualTo(MULTISTREAM);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "/key/swarm/psk/1.0.0/",
                "/key/swarm/psk/2.0.0/\n/base16/\n" + "00",
                "/key/swarm/psk/1.0.0/\n/base32/\nabc",
                "/key/swarm/psk/1.0.0/\n/base16/\n0011",
                "/key/swarm/psk/1.0.0/\n/base16/\nzz",
                "/key/swarm/psk/1.0.0/\n/base64/\n!!!",
                "/key/swarm/psk/1.0.0/\n/bin/\nshort"
            })
    void whatIsNoKeyIsRefused(String content, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("key"), content);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PreSharedKey.read(file))
                .withMessageStartingWith("psk: ")
                .withMessageContaining(file.toString());
    }

    @Test
    void aFileThatIsMissingOrTooLongIsRefused(@TempDir Path directory) throws IOException {
        assertThatIllegalArgumentException().isThrownBy(() -> PreSharedKey.read(directory.resolve("missing")));
        Path large = Files.write(directory.resolve("large"), new byte[10_000]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PreSharedKey.read(large))
                .withMessageContaining("too long");
    }

    /** A vector of golang.org/x/crypto/salsa20. */
    @Test
    void theCipherIsXSalsa20() {
        byte[] sent = concat(ascii("24-byte nonce for xsalsa"), HexFormat.of().parseHex("002d4513843fc240c401e541"));
        assertThat(new String(decrypt(KEY, sent), StandardCharsets.US_ASCII)).isEqualTo("Hello world!");
    }

    @Test
    void bytesCrossHoweverTheyAreCutAndEachDirectionHasItsNonce() {
        byte[] content = concat(ascii(HEADER + "/bin/\n"), KEY);
        EmbeddedChannel one = channel(content);
        EmbeddedChannel other = channel(content);
        byte[] data = new byte[5000];
        new Random(1).nextBytes(data);
        byte[] plain = concat(MULTISTREAM, data);
        for (int at = 0; at < plain.length; at += 333) {
            one.writeOutbound(Unpooled.copiedBuffer(plain, at, Math.min(333, plain.length - at)));
        }
        byte[] wire = sent(one);
        assertThat(wire).hasSize(PskHandler.NONCE_BYTES + plain.length);
        for (int at = 0; at < wire.length; at += 7) {
            other.writeInbound(Unpooled.copiedBuffer(wire, at, Math.min(7, wire.length - at)));
        }
        assertThat(received(other)).isEqualTo(plain);
        other.writeOutbound(Unpooled.wrappedBuffer(MULTISTREAM));
        byte[] back = sent(other);
        assertThat(Arrays.copyOf(back, PskHandler.NONCE_BYTES))
                .isNotEqualTo(Arrays.copyOf(wire, PskHandler.NONCE_BYTES));
        one.writeInbound(Unpooled.wrappedBuffer(back));
        assertThat(received(one)).isEqualTo(MULTISTREAM);
    }

    @Test
    void anotherKeyIsFoundByTheFirstBytesAndSoIsNone() {
        EmbeddedChannel one = channel(concat(ascii(HEADER + "/bin/\n"), KEY));
        one.writeOutbound(Unpooled.wrappedBuffer(MULTISTREAM));
        byte[] wire = sent(one);
        for (byte[] first : new byte[][] {wire, concat(MULTISTREAM, ascii("\u0007/noise\n"))}) {
            EmbeddedChannel other = channel(concat(ascii(HEADER + "/bin/\n"), new byte[32]));
            assertThatThrownBy(() -> other.writeInbound(Unpooled.wrappedBuffer(first)))
                    .isInstanceOf(UpgradeException.class)
                    .hasMessageContaining("another pre-shared key");
            assertThat(received(other)).isEmpty();
        }
    }
}
