package io.kad.transport.netty.yamux;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Open streams of a connection by ID, and allocator of IDs for outbound streams. Confined to the event loop, except
 * {@link #size()}.
 */
final class StreamTable {

    private static final long MAX_ID = 0xffff_ffffL;

    private final boolean initiator;
    private final IntObjectMap<YamuxStreamChannel> streams = new IntObjectHashMap<>();
    private long nextId;
    private int outboundCount;
    private int unackedCount;
    private volatile int size;
    private long openedCount;

    /**
     * Creates an empty table.
     *
     * @param initiator whether the local peer dialled the connection, and therefore uses odd stream IDs
     */
    StreamTable(boolean initiator) {
        this.initiator = initiator;
        this.nextId = initiator ? 1 : 2;
    }

    /** Returns whether {@code id} is one that the remote peer may use for a stream it opens. */
    boolean isRemoteId(int id) {
        boolean odd = (id & 1) != 0;
        return id != 0 && odd != initiator;
    }

    boolean hasNextId() {
        return nextId <= MAX_ID;
    }

    int allocateId() {
        int id = (int) nextId;
        nextId += 2;
        return id;
    }

    void add(YamuxStreamChannel stream) {
        streams.put(stream.rawId(), stream);
        openedCount++;
        if (stream.isOutbound()) {
            outboundCount++;
            unackedCount++;
        }
        updateSize();
    }

    /** Removes a stream; has no effect if it was removed before. */
    void remove(YamuxStreamChannel stream) {
        if (streams.remove(stream.rawId()) == null) {
            return;
        }
        if (stream.isOutbound()) {
            outboundCount--;
            acknowledge(stream);
        }
        updateSize();
    }

    /** Records the acknowledgement of an outbound stream; returns whether it was the first. */
    boolean acknowledge(YamuxStreamChannel stream) {
        boolean first = stream.acknowledge();
        if (first) {
            unackedCount--;
        }
        return first;
    }

    @Nullable
    YamuxStreamChannel get(int id) {
        return streams.get(id);
    }

    int outboundCount() {
        return outboundCount;
    }

    int inboundCount() {
        return streams.size() - outboundCount;
    }

    int unackedCount() {
        return unackedCount;
    }

    /** Returns the number of open streams; may be called from any thread. */
    int size() {
        return size;
    }

    /** Returns the number of streams that were opened so far. */
    long openedCount() {
        return openedCount;
    }

    /** Returns a copy of the open streams, because actions on them may open or close some. */
    List<YamuxStreamChannel> all() {
        return new ArrayList<>(streams.values());
    }

    /** Returns the stream with the most unread bytes; null if there are no streams. */
    @Nullable
    YamuxStreamChannel fullest() {
        YamuxStreamChannel fullest = null;
        for (YamuxStreamChannel stream : streams.values()) {
            if (fullest == null
                    || stream.receiveBuffer().bufferedBytes()
                            > fullest.receiveBuffer().bufferedBytes()) {
                fullest = stream;
            }
        }
        return fullest;
    }

    private void updateSize() {
        size = streams.size();
    }
}
