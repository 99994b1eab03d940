package io.kad.transport.netty.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kad.api.TransportOptions;
import io.kad.transport.netty.limit.ByteBudget;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.support.Budgets;
import io.kad.transport.netty.support.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MessageReaderTest {

    private static final int MAX = 300;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final PartialMessageBudget budget = Budgets.receive(MAX);
    private final MessageReader reader = new MessageReader(MAX, budget);

    @Property
    void messagesAreReassembledFromAnySegments(
            @ForAll @Size(max = 20) List<@IntRange(max = MAX) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 400) int segmentSize) {
        byte[] sent = new byte[0];
        for (int index = 0; index < sizes.size(); index++) {
            byte[] message = new byte[sizes.get(index)];
            Arrays.fill(message, (byte) index);
            byte[] frame = Wire.framed(message);
            int before = sent.length;
            sent = Arrays.copyOf(sent, before + frame.length);
            System.arraycopy(frame, 0, sent, before, frame.length);
        }
        List<Integer> received = new ArrayList<>();
        for (int at = 0; at < sent.length; at += segmentSize) {
            add(Arrays.copyOfRange(sent, at, Math.min(sent.length, at + segmentSize)));
            for (ByteBuf message = reader.next(); message != null; message = reader.next()) {
                byte[] bytes = ByteBufUtil.getBytes(message);
                message.release();
                for (byte value : bytes) {
                    assertThat(value).isEqualTo((byte) received.size());
                }
                received.add(bytes.length);
            }
        }
        assertThat(received).isEqualTo(sizes);
        assertThat(reader.hasUnreadBytes()).isFalse();
        assertThat(budget.chargedBytes()).isZero();
        reader.release();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @Property
    void garbageIsRefusedOrBufferedAndNeverLeaks(@ForAll @Size(max = 200) byte[] garbage) {
        try {
            add(garbage);
            for (ByteBuf message = reader.next(); message != null; message = reader.next()) {
                assertThat(message.readableBytes()).isLessThanOrEqualTo(MAX);
                message.release();
            }
        } catch (DecoderException refused) {
            assertThat(refused).hasMessageContaining("message");
        }
        reader.release();
        assertThat(budget.chargedBytes()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @Test
    void aMessageOfTheMaximumSizeIsReadAndOneByteMoreIsRefusedByItsLength() {
        add(Wire.framed(new byte[MAX]));
        ByteBuf message = reader.next();
        assertThat(message.readableBytes()).isEqualTo(MAX);
        message.release();
        add(Arrays.copyOf(Wire.framed(new byte[MAX + 1]), 2));
        assertThatThrownBy(reader::next).isInstanceOf(TooLongFrameException.class);
        reader.release();
    }

    @Test
    void anOverlongLengthIsRefused() {
        add(new byte[] {-1, -1, -1, -1, -1});
        assertThatThrownBy(reader::next).isInstanceOf(CorruptedFrameException.class);
        reader.release();
    }

    @Test
    void aLengthInMoreBytesThanItNeedsIsRefused() {
        for (byte[] prefix : List.of(new byte[] {(byte) 0x80, 0}, new byte[] {(byte) 0x81, (byte) 0x80, 0})) {
            MessageReader strict = new MessageReader(MAX, Budgets.receive(MAX));
            strict.add(allocator, Unpooled.wrappedBuffer(prefix));
            assertThatThrownBy(strict::next)
                    .isInstanceOf(CorruptedFrameException.class)
                    .hasMessageContaining("more bytes than it needs");
            strict.release();
        }
    }

    @Test
    void aSmallRemainderDoesNotRetainItsInputBuffer() {
        byte[] frame = Wire.framed(new byte[MAX]);
        ByteBuf record = allocator.heapBuffer(64 * 1024).writeBytes(frame).writeBytes(frame, 0, 100);
        reader.add(allocator, record.readRetainedSlice(frame.length + 100));
        record.release();
        reader.next().release();
        assertThat(record.refCnt()).as("more messages may follow").isEqualTo(1);
        reader.compact();
        assertThat(record.refCnt()).as("read no further for now").isZero();
        ByteBuf last = allocator.heapBuffer(64 * 1024).writeBytes(frame, 100, frame.length - 100);
        reader.add(allocator, last);
        reader.next().release();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    /** The remainder of each segment is too large to be copied, and the buffer that it is merged into never becomes empty. */
    @Test
    void messagesThatNeverEndWithASegmentDoNotMakeTheBufferGrow() {
        int size = 40_000;
        MessageReader large = new MessageReader(size, Budgets.receive(size));
        byte[] frame = Wire.framed(new byte[size]);
        large.add(allocator, Unpooled.wrappedBuffer(frame, 0, 20_000));
        for (int i = 0; i < 200; i++) {
            large.add(
                    allocator,
                    Unpooled.wrappedBuffer(
                            Unpooled.wrappedBuffer(frame, 20_000, frame.length - 20_000),
                            Unpooled.wrappedBuffer(frame, 0, 20_000)));
            large.next().release();
            assertThat(large.next()).isNull();
            assertThat(allocator.metric().usedHeapMemory()).isLessThan(300_000);
        }
        large.release();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    /** Messages that arrive side by side would exceed the budget of the node together if the buffer of each doubled at the same time. */
    @Test
    void theBufferOfALargeMessageGrowsByAQuarter() {
        int size = 4_000_000;
        int part = 16_000;
        MessageReader large = new MessageReader(size, Budgets.receive(size));
        byte[] frame = Wire.framed(new byte[size]);
        for (int at = 0; at + part < frame.length; at += part) {
            large.add(allocator, allocator.heapBuffer(part).writeBytes(frame, at, part));
            assertThat(large.next()).isNull();
            assertThat(large.chargedToNode()).isLessThan(Math.min(frame.length, (at + part) * 5L / 4) + 512);
        }
        large.release();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @Test
    void aRemainderDoesNotRetainTheBufferOfAMuchLargerMessage() {
        int size = 1_000_000;
        MessageReader large = new MessageReader(size, Budgets.receive(2 * size));
        byte[] frame = Wire.framed(new byte[size]);
        large.add(allocator, allocator.heapBuffer().writeBytes(frame, 0, size / 2));
        large.add(
                allocator,
                allocator
                        .heapBuffer()
                        .writeBytes(frame, size / 2, frame.length - size / 2)
                        .writeBytes(frame, 0, 20_000));
        large.next().release();
        assertThat(large.next()).isNull();
        assertThat(allocator.metric().usedHeapMemory()).isLessThan(100_000);
        large.release();
    }

    @Test
    void anIncompleteMessageDoesNotRetainItsInputBuffer() {
        byte[] frame = Wire.framed(new byte[MAX]);
        ByteBuf record = allocator.heapBuffer(64 * 1024).writeBytes(frame);
        reader.add(allocator, record.readRetainedSlice(100));
        assertThat(reader.next()).isNull();
        assertThat(record.refCnt()).isEqualTo(1);
        reader.add(allocator, record.readRetainedSlice(frame.length - 100));
        record.release();
        ByteBuf message = reader.next();
        assertThat(ByteBufUtil.getBytes(message)).isEqualTo(new byte[MAX]);
        message.release();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @Test
    void aLargePartOfAMessageDoesNotRetainItsInputBuffer() {
        int size = 40_000;
        MessageReader large = new MessageReader(size, Budgets.receive(size));
        ByteBuf record = allocator.heapBuffer(64 * 1024).writeBytes(Wire.framed(new byte[size]));
        large.add(allocator, record.readRetainedSlice(17_000));
        record.release();
        assertThat(large.next()).isNull();
        assertThat(record.refCnt()).isZero();
        large.release();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @Test
    void theReadersOfAConnectionShareItsBudget() {
        int large = TransportOptions.MAX_CONNECTION_RECEIVE_BYTES.defaultValue();
        PartialMessageBudget shared = Budgets.receive(large / 2);
        MessageReader first = new MessageReader(large / 2, shared);
        MessageReader second = new MessageReader(large / 2, shared);
        first.add(allocator, zeros(large + MessageReader.UNCHARGED_BYTES));
        second.add(allocator, zeros(MessageReader.UNCHARGED_BYTES));
        ByteBuf more = zeros(1);
        assertThatThrownBy(() -> second.add(allocator, more)).isInstanceOf(TooLongFrameException.class);
        assertThat(more.refCnt()).isZero();
        assertThat(second.hasUnreadBytes())
                .as("buffered bytes are released immediately")
                .isFalse();
        assertThat(shared.chargedBytes()).isEqualTo(large);
        first.release();
        assertThat(shared.chargedBytes()).isZero();
        second.add(allocator, zeros(MessageReader.UNCHARGED_BYTES + 1));
        second.release();
        assertThat(shared.chargedBytes()).isZero();
    }

    @Test
    void aConnectionWhoseMessagesAreCompleteMakesProgress() {
        byte[] frame = Wire.framed(new byte[MAX]);
        ByteBudget node = new ByteBudget(520);
        List<String> evicted = new ArrayList<>();
        MessageReader busy = readerOf(node, "busy", evicted);
        MessageReader stalled = readerOf(node, "stalled", evicted);
        stalled.add(allocator, Unpooled.wrappedBuffer(frame, 0, 250));
        long before = System.nanoTime();
        await().until(() -> System.nanoTime() > before);
        busy.add(allocator, Unpooled.wrappedBuffer(new byte[] {1, 7}));
        busy.next().release();
        busy.add(allocator, Unpooled.wrappedBuffer(frame, 0, 250));
        node.addConnection("small", () -> evicted.add("small")).charge(30);
        assertThat(evicted).containsExactly("stalled");
        busy.release();
        stalled.release();
    }

    private static MessageReader readerOf(ByteBudget node, String name, List<String> evicted) {
        ConnectionBudget unlimited = Budgets.unlimited();
        ByteBudget.Account share = node.addConnection(name, () -> evicted.add(name));
        return new MessageReader(
                MAX,
                new PartialMessageBudget(
                        Math.max(10_000, 2L * MAX),
                        new ConnectionBudget(unlimited.sendBudget(), share, unlimited.counters())));
    }

    private static ByteBuf zeros(int count) {
        return Unpooled.buffer(count).writeZero(count);
    }

    private void add(byte[] bytes) {
        reader.add(allocator, allocator.heapBuffer(Math.max(1, bytes.length)).writeBytes(bytes));
    }
}
