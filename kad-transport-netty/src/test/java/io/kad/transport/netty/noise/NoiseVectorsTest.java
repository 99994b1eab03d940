package io.kad.transport.netty.noise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Published test vectors of {@code Noise_XX_25519_ChaChaPoly_SHA256}. */
class NoiseVectorsTest {
    private static final HexFormat HEX = HexFormat.of();

    static Stream<Vector> vectors() {
        return Stream.of(flynnWithoutPayloads(), flynnWithPayloads(), cacophony());
    }

    private static Vector flynnWithoutPayloads() {
        return new Vector("flynn/noise, vectors.txt, without payloads")
                .initiatorSendsNext()
                .keys(
                        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                        "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f",
                        "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
                        "4142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60")
                .message("", "358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254")
                .message(
                        "",
                        "64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d48466"
                                + "3414af878d3e46a2f58911a816d6e8346d4ea17a6f2a0bb4ef4ed56c133cff45"
                                + "60a34e36ea82109f26cf2e5a5caf992b608d55c747f615e5a3425a7a19eefb8f")
                .message(
                        "",
                        "87f864c11ba449f46a0a4f4e2eacbb7b0457784f4fca1937f572c93603e9c4d9"
                                + "7e5ea11b16f3968710b23a3be3202dc1b5e1ce3c963347491e74f5c0768a9b42")
                .message(
                        "79656c6c6f777375626d6172696e65",
                        "a52ef02ba60e12696d1d6b9ef4245c88fca757b6134ad6e76b56e310a6adf6")
                .message(
                        "7375626d6172696e6579656c6c6f77",
                        "2445aa438ebd649281c636cc7269ca82f1d9023d72520943aeabf909cdf521");
    }

    private static Vector flynnWithPayloads() {
        return new Vector("flynn/noise, vectors.txt, with payloads")
                .initiatorSendsNext()
                .keys(
                        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                        "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f",
                        "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
                        "4142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60")
                .message(
                        "746573745f6d73675f30",
                        "358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254" + "746573745f6d73675f30")
                .message(
                        "746573745f6d73675f31",
                        "64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d48466"
                                + "3414af878d3e46a2f58911a816d6e8346d4ea17a6f2a0bb4ef4ed56c133cff45"
                                + "72e7a2ba5123ac30618b3d205f5c2d17f50cbca216483ac56bcc78e33bf52030"
                                + "3278db641e5e731b2e3a")
                .message(
                        "746573745f6d73675f32",
                        "87f864c11ba449f46a0a4f4e2eacbb7b0457784f4fca1937f572c93603e9c4d9"
                                + "f27e318e43ba630594c4d08eeb3b36d97c7377a2f4f9144b2f0c8095ad921405"
                                + "05b2ab53eff244b14138")
                .message(
                        "79656c6c6f777375626d6172696e65",
                        "a52ef02ba60e12696d1d6b9ef4245c88fca757b6134ad6e76b56e310a6adf6")
                .message(
                        "7375626d6172696e6579656c6c6f77",
                        "2445aa438ebd649281c636cc7269ca82f1d9023d72520943aeabf909cdf521");
    }

    private static Vector cacophony() {
        return new Vector("cacophony, vectors/cacophony.txt")
                .prologue("4a6f686e2047616c74")
                .handshakeHash("c8e5f64e846193be2a834104c2a009868d6c9f3bd3c186299888b488b2f1f58e")
                .keys(
                        "e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1",
                        "893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a",
                        "4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893",
                        "bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b")
                .message(
                        "4c756477696720766f6e204d69736573",
                        "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c7944"
                                + "4c756477696720766f6e204d69736573")
                .message(
                        "4d757272617920526f746862617264",
                        "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f144808843"
                                + "81cbad1f276e038c48378ffce2b65285e08d6b68aaa3629a5a8639392490e5b9"
                                + "bd5269c2f1e4f488ed8831161f19b7815528f8982ffe09be9b5c412f8a0db50f"
                                + "8814c7194e83f23dbd8d162c9326ad")
                .message(
                        "462e20412e20486179656b",
                        "c7195ffacac1307ff99046f219750fc47693e23c3cb08b89c2af808b444850a8"
                                + "0ae475b9df0f169ae80a89be0865b57f58c9fea0d4ec82a286427402f113e4b6"
                                + "ae769a1d95941d49b25030")
                .message("4361726c204d656e676572", "96763ed773f8e47bb3712f0e29b3060ffc956ffc146cee53d5e1df")
                .message(
                        "4a65616e2d426170746973746520536179",
                        "3e40f15f6f3a46ae446b253bf8b1d9ffb6ed9b174d272328ff91a7e2e5c79c07f5")
                .message(
                        "457567656e2042f6686d20766f6e2042617765726b",
                        "eb3f3515110702e047a6c9da4478b6ead94873c11c0f2d710ddb3f09fce024b3a58502ae3f");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void bothSidesProduceThePublishedMessages(Vector vector) throws NoiseException {
        NoiseHandshake initiator = vector.initiator();
        NoiseHandshake responder = vector.responder();
        for (int i = 0; i < 3; i++) {
            NoiseHandshake writer = i % 2 == 0 ? initiator : responder;
            NoiseHandshake reader = i % 2 == 0 ? responder : initiator;
            byte[] message = writer.writeMessage(vector.payloads.get(i));
            assertThat(HEX.formatHex(message)).isEqualTo(HEX.formatHex(vector.ciphertexts.get(i)));
            assertThat(reader.readMessage(message)).isEqualTo(vector.payloads.get(i));
        }
        assertThat(initiator.handshakeHash()).isEqualTo(responder.handshakeHash());
        if (vector.handshakeHash.length > 0) {
            assertThat(initiator.handshakeHash()).isEqualTo(vector.handshakeHash);
        }
        NoiseHandshake.CipherStates initiatorKeys = initiator.split();
        NoiseHandshake.CipherStates responderKeys = responder.split();
        for (int i = 3; i < vector.payloads.size(); i++) {
            boolean initiatorSends = (i % 2 == 0) != vector.initiatorSendsNext;
            CipherState send = initiatorSends ? initiatorKeys.send() : responderKeys.send();
            CipherState receive = initiatorSends ? responderKeys.receive() : initiatorKeys.receive();
            byte[] payload = vector.payloads.get(i);
            byte[] buffer = Arrays.copyOf(payload, payload.length + CipherState.TAG_BYTES);
            assertThat(send.encrypt(Unpooled.wrappedBuffer(buffer), 0, payload.length))
                    .isEqualTo(buffer.length);
            assertThat(HEX.formatHex(buffer)).isEqualTo(HEX.formatHex(vector.ciphertexts.get(i)));
            assertThat(receive.decrypt(Unpooled.wrappedBuffer(buffer), 0, buffer.length))
                    .isEqualTo(payload.length);
            assertThat(Arrays.copyOf(buffer, payload.length)).isEqualTo(payload);
        }
    }

    private static final class Vector {
        private final String name;
        private final List<byte[]> payloads = new ArrayList<>();
        private final List<byte[]> ciphertexts = new ArrayList<>();
        private boolean initiatorSendsNext;
        private byte[] prologue = "".getBytes(UTF_8);
        private byte[] handshakeHash = "".getBytes(UTF_8);
        private List<X25519KeyPair> keys = List.of();

        Vector(String name) {
            this.name = name;
        }

        Vector keys(String... privateKeys) {
            keys = Stream.of(privateKeys)
                    .map(key -> X25519KeyPair.of(HEX.parseHex(key)))
                    .toList();
            return this;
        }

        /** Sets that the initiator, which wrote the last message of the handshake, writes the next one too. */
        Vector initiatorSendsNext() {
            initiatorSendsNext = true;
            return this;
        }

        Vector prologue(String hex) {
            prologue = HEX.parseHex(hex);
            return this;
        }

        Vector handshakeHash(String hex) {
            handshakeHash = HEX.parseHex(hex);
            return this;
        }

        Vector message(String payload, String ciphertext) {
            payloads.add(HEX.parseHex(payload));
            ciphertexts.add(HEX.parseHex(ciphertext));
            return this;
        }

        NoiseHandshake initiator() {
            return NoiseHandshake.withKeys(true, keys.get(0), keys.get(1), prologue);
        }

        NoiseHandshake responder() {
            return NoiseHandshake.withKeys(false, keys.get(2), keys.get(3), prologue);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
