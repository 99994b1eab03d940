package io.kad.transport.netty.yamux;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The open streams of a connection, by number, and the numbers still to be given. */
final class StreamTable {

    private static final long MAX_ID = 0xffff_ffffL;

    private final boolean initiator;
    private final IntObjectMap<YamuxStreamChannel> streams = new IntObjectHashMap<>();
    private long nextId;
    private int outbound;
    private int unacked;
    private volatile int size;

    /**
     * Makes an empty table.
     *
     * @param initiator whether this side dialled the connection, and so has the odd numbers
     */
    StreamTable(boolean initiator) {
        this.initiator = initiator;
        this.nextId = initiator ? 1 : 2;
    }

    /** Returns whether the peer may open a stream of this number. */
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
        streams.put(stream.id32(), stream);
        if (stream.isOutbound()) {
            outbound++;
            unacked++;
        }
        publishSize();
    }

    /** Takes out a stream, which may be out already. */
    void remove(YamuxStreamChannel stream) {
        if (streams.remove(stream.id32()) == null) {
            return;
        }
        if (stream.isOutbound()) {
            outbound--;
            acknowledge(stream);
        }
        publishSize();
    }

    /** Notes the acknowledgement of an outbound stream, and returns whether it was the first. */
    boolean acknowledge(YamuxStreamChannel stream) {
        boolean first = stream.acknowledge();
        if (first) {
            unacked--;
        }
        return first;
    }

    @Nullable
    YamuxStreamChannel get(int id) {
        return streams.get(id);
    }

    int outbound() {
        return outbound;
    }

    int inbound() {
        return streams.size() - outbound;
    }

    int unacked() {
        return unacked;
    }

    /** Returns the number of open streams; any thread may ask. */
    int size() {
        return size;
    }

    /** Returns a copy, because what is done with the streams may open or close some. */
    List<YamuxStreamChannel> all() {
        return new ArrayList<>(streams.values());
    }

    /** Returns the stream with the most received bytes that nobody has read. */
    @Nullable
    YamuxStreamChannel fullest() {
        YamuxStreamChannel fullest = null;
        for (YamuxStreamChannel stream : streams.values()) {
            if (fullest == null
                    || stream.receiveBuffer().buffered()
                            > fullest.receiveBuffer().buffered()) {
                fullest = stream;
            }
        }
        return fullest;
    }

    private void publishSize() {
        size = streams.size();
    }
}
