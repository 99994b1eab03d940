package io.kad.transport.netty.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

/** Memory of messages that are not complete. */
class PartialNoiseMessageTest {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final CipherState sender = new CipherState(new byte[32], AeadCiphers.ofRuntime());
    private final TransportMessageReader reader =
            new TransportMessageReader(new CipherState(new byte[32], AeadCiphers.ofRuntime()));

    @Test
    void aDeclaredLengthReservesNothing() throws Exception {
        assertThat(reader.read(allocator, Unpooled.wrappedBuffer(new byte[] {(byte) 0xff, (byte) 0xff, 1})))
                .isNull();
        assertThat(allocator.metric().usedHeapMemory()).isLessThan(1024);
        reader.read(allocator, Unpooled.wrappedBuffer(new byte[1000]));
        assertThat(allocator.metric().usedHeapMemory()).isLessThan(10_000);
        reader.discard();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    /** An array of the pool has the bytes of other connections too, and Conscrypt writes all of it back. */
    @Test
    void aMessageInPartsIsDecryptedOutsideTheHeapByConscrypt() throws Exception {
        CipherState conscrypt = new CipherState(new byte[32], AeadCiphers.choose("org.conscrypt.Conscrypt"));
        TransportMessageReader parts = new TransportMessageReader(conscrypt);
        byte[] message = new byte[5000 + CipherState.TAG_BYTES];
        message[4999] = 42;
        int length = sender.encrypt(Unpooled.wrappedBuffer(message), 0, 5000);
        ByteBuf wire = Unpooled.buffer().writeShort(length).writeBytes(message);
        assertThat(parts.read(allocator, wire.readSlice(3000))).isNull();
        assertThat(allocator.metric().usedDirectMemory())
                .as("there is less memory outside the heap")
                .isZero();
        ByteBuf plaintext = parts.read(allocator, wire);
        assertThat(plaintext).isNotNull();
        assertThat(plaintext.isDirect()).isTrue();
        assertThat(plaintext.readableBytes()).isEqualTo(5000);
        assertThat(plaintext.getByte(4999)).isEqualTo((byte) 42);
        plaintext.release();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void aMessageThatArrivesByteByByteIsDecrypted() throws Exception {
        byte[] message = new byte[5000 + CipherState.TAG_BYTES];
        message[4999] = 42;
        int length = sender.encrypt(Unpooled.wrappedBuffer(message), 0, 5000);
        ByteBuf wire = Unpooled.buffer().writeShort(length).writeBytes(message);
        ByteBuf plaintext = null;
        while (wire.isReadable()) {
            assertThat(plaintext).isNull();
            plaintext = reader.read(allocator, wire.readSlice(1));
        }
        assertThat(plaintext).isNotNull();
        assertThat(plaintext.readableBytes()).isEqualTo(5000);
        assertThat(plaintext.getByte(4999)).isEqualTo((byte) 42);
        plaintext.release();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }
}
