package io.kad.node.output;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** Builder of output lines. */
public final class OutputLine {

    /** Field of the tag of the command in a session, which each line of its result carries. */
    public static final String TAG = "id";

    private OutputLine() {}

    /** Returns a line that is not the last one of its result. */
    public static ObjectNode line(String event) {
        return JsonNodeFactory.instance.objectNode().put("event", event);
    }

    /** Returns the last line of a successful result. */
    public static ObjectNode done(String event) {
        return line(event).put("ok", true);
    }

    /** Returns the last line of a failed command. */
    public static ObjectNode error(ErrorCode code, String message) {
        return error(code.text(), message);
    }

    /** Returns a refusal whose code is of another kind, such as one of HTTP. */
    public static ObjectNode error(String code, String message) {
        return line("error").put("ok", false).put("code", code).put("message", message);
    }

    /** Returns the refusal of wrong usage. */
    public static ObjectNode badInput(String message) {
        return error(ErrorCode.BAD_INPUT, message);
    }

    /** Returns the refusal for a fault of the program itself. */
    public static ObjectNode fault(Throwable fault) {
        return error(ErrorCode.INTERNAL, "internal error: " + fault + "; run with --debug for the stack trace");
    }

    /** Returns whether {@code line} is a refusal. */
    public static boolean isError(ObjectNode line) {
        return line.path("event").asText().equals("error");
    }

    /** Adds a peer and its addresses, each of which ends in the peer. */
    public static ObjectNode peer(ObjectNode node, PeerInfo peer) {
        node.put("peerId", peer.id().toString());
        addresses(node, peer.id(), peer.addresses());
        return node;
    }

    /** Adds the addresses of a peer; each ends in the peer. */
    public static ObjectNode addresses(ObjectNode node, PeerId peer, List<Multiaddr> addresses) {
        var array = node.putArray("addresses");
        addresses.forEach(address -> array.add(address.withPeerId(peer).toString()));
        return node;
    }

    /** Adds the bytes of a value in base64, and as text if they are text. */
    public static ObjectNode value(ObjectNode node, Bytes value) {
        node.put("value", Base64.getEncoder().encodeToString(value.toArray()));
        value.utf8().ifPresent(text -> node.put("text", text));
        return node;
    }

    /** Returns a duration in milliseconds, to the microsecond. */
    public static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e3) / 1e3;
    }
}
