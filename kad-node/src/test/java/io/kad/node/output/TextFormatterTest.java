package io.kad.node.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

/** Text is for people: no line has the marks of JSON. */
class TextFormatterTest {

    @Test
    void aListOfWordsIsOneWord() {
        ObjectNode line = OutputLine.line("routing-updated").put("outcome", "added");
        line.putArray("addresses").add("/ip4/192.0.2.1/tcp/1").add("/ip4/192.0.2.2/tcp/2");

        assertThat(TextFormatter.of(line))
                .isEqualTo("routing-updated: outcome=added addresses=/ip4/192.0.2.1/tcp/1,/ip4/192.0.2.2/tcp/2");
    }

    @Test
    void eachObjectOfAListHasALineOfItsOwn() {
        ObjectNode line = OutputLine.done("connections");
        var connections = line.putArray("connections");
        connections.addObject().put("peerId", "A").put("streams", 1);
        ObjectNode second = connections.addObject().put("peerId", "B");
        second.putArray("addresses").add("x").add("y");

        assertThat(TextFormatter.of(line))
                .isEqualTo("connections: connections=\n    peerId=A streams=1\n    peerId=B addresses=x,y");
    }

    @Test
    void linesThatAreMissingAreSaidToWhoeverReadsTheText() {
        ObjectNode line = OutputLine.line("dropped").put("lines", 1).put("message", "this client read too slowly");
        assertThat(TextFormatter.of(line))
                .isEqualTo("1 line is missing: the output was read too slowly; write it to a file");
        assertThat(TextFormatter.of(line.put("lines", 2)))
                .isEqualTo("2 lines are missing: the output was read too slowly; write it to a file");
    }

    @Test
    void anEmptyListIsNone() {
        ObjectNode line = OutputLine.done("connections");
        line.putArray("connections");

        assertThat(TextFormatter.of(line)).isEqualTo("connections: connections=none");
    }
}
