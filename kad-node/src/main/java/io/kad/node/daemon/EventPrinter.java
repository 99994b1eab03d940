package io.kad.node.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.event.DhtEvent;
import io.kad.node.output.EventLine;
import io.kad.node.output.Output;
import io.kad.node.output.TextFormatter;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writer of the events of a peer, one line each: JSON lines for programs, log lines for people. */
final class EventPrinter implements Consumer<DhtEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(EventPrinter.class);

    private final Output output;

    private EventPrinter(Output output) {
        this.output = output;
    }

    /** Writes the events of {@code kad} from now on. */
    static void follow(Kademlia kad, Output output) {
        kad.onEvent(new EventPrinter(output));
    }

    @Override
    public void accept(DhtEvent event) {
        EventLine.of(event).ifPresent(this::write);
    }

    private void write(ObjectNode line) {
        if (output.isJson()) {
            output.write(line);
        } else {
            LOG.info("{}", TextFormatter.of(line));
        }
    }
}
