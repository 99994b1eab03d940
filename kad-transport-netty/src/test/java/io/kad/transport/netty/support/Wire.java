package io.kad.transport.netty.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.UnsignedVarint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Exchange of bytes between embedded channels, with leak checks. */
public final class Wire {
    private static final Set<EmbeddedChannel> OPEN = ConcurrentHashMap.newKeySet();

    private Wire() {}

    /** Creates a connected channel with frozen time and counted buffers. */
    public static EmbeddedChannel channel(ChannelHandler... handlers) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.config().setAllocator(new UnpooledByteBufAllocator(false));
        OPEN.add(channel);
        channel.pipeline().addLast(handlers);
        channel.runPendingTasks();
        return channel;
    }

    /** Returns and removes all bytes that the channel has sent. */
    public static byte[] sent(EmbeddedChannel channel) {
        channel.runPendingTasks();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ByteBuf buffer = channel.readOutbound(); buffer != null; buffer = channel.readOutbound()) {
            out.writeBytes(ByteBufUtil.getBytes(buffer));
            buffer.release();
        }
        return out.toByteArray();
    }

    /** Delivers bytes as one segment. */
    public static void deliver(EmbeddedChannel channel, byte[] bytes) {
        deliver(channel, bytes, Math.max(1, bytes.length));
    }

    /** Delivers bytes as segments of {@code size} bytes. */
    public static void deliver(EmbeddedChannel channel, byte[] bytes, int size) {
        for (int at = 0; at < bytes.length && channel.isOpen(); at += size) {
            byte[] segment = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size));
            channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(segment));
            channel.pipeline().fireChannelReadComplete();
        }
        channel.runPendingTasks();
    }

    /** Delivers sent bytes between both channels until neither sends any more. */
    public static void exchange(EmbeddedChannel one, EmbeddedChannel other, int segmentSize) {
        exchange(one, other, segmentSize, UnaryOperator.identity());
    }

    /** Delivers sent bytes between both channels, transformed by {@code between}. */
    public static void exchange(
            EmbeddedChannel one, EmbeddedChannel other, int segmentSize, UnaryOperator<byte[]> between) {
        boolean silent = false;
        while (!silent) {
            byte[] request = sent(one);
            deliver(other, between.apply(request), segmentSize);
            byte[] response = sent(other);
            deliver(one, between.apply(response), segmentSize);
            silent = request.length == 0 && response.length == 0;
        }
    }

    /** Advances the time of a channel. */
    public static void pass(EmbeddedChannel channel, Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    /** Closes all remaining channels, and asserts that all buffers were released. */
    public static void assertNothingLeaked() {
        assertThat(List.copyOf(OPEN))
                .allSatisfy(channel -> assertThat(leaked(channel)).isZero());
    }

    /** Closes the channel, and returns the bytes of unreleased buffers. */
    public static long leaked(EmbeddedChannel channel) {
        OPEN.remove(channel);
        channel.close();
        channel.runPendingTasks();
        channel.finishAndReleaseAll();
        return heldBytes(channel);
    }

    /** Returns the bytes of the buffers of the channel that are not released. */
    public static long heldBytes(EmbeddedChannel channel) {
        UnpooledByteBufAllocator allocator =
                (UnpooledByteBufAllocator) channel.config().getAllocator();
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }

    /** Returns a message as it is sent on a stream: with its length as an unsigned varint before it. */
    public static byte[] framed(byte[] message) {
        return join(UnsignedVarint.encode(message.length).toArray(), message);
    }

    /** Joins arrays. */
    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
