package io.kad.node.diagnose;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.id.Multiaddr;
import io.kad.node.output.OutputLine;
import java.util.Optional;

/**
 * Result of a check: it has passed, has found a fault, or could not be made.
 *
 * @param name the check
 * @param fault what it has found; empty if it has passed or could not be made
 * @param isSkipped whether it could not be made
 * @param detail what was seen, or why the check could not be made
 * @param address the address that was checked; empty for a check of the local peer as a whole
 */
public record Check(
        CheckName name, Optional<Fault> fault, boolean isSkipped, String detail, Optional<Multiaddr> address) {

    /** Returns a check that has passed. */
    static Check passed(CheckName name, String detail) {
        return new Check(name, Optional.empty(), false, detail, Optional.empty());
    }

    /** Returns a check that has found a fault. */
    static Check failed(Fault fault, String detail) {
        return new Check(fault.check(), Optional.of(fault), false, detail, Optional.empty());
    }

    /** Returns a check that could not be made, and why. */
    static Check skipped(CheckName name, String reason) {
        return new Check(name, Optional.empty(), true, reason, Optional.empty());
    }

    /** Returns this check as one of that address. */
    Check of(Multiaddr checked) {
        return new Check(name, fault, isSkipped, detail, Optional.of(checked));
    }

    boolean hasPassed() {
        return !isSkipped && fault.isEmpty();
    }

    /** Returns the output line; {@code pass} is null if the check could not be made. */
    ObjectNode line() {
        ObjectNode line = OutputLine.line("check").put("name", name.text());
        if (isSkipped) {
            line.putNull("pass").put("skipped", detail);
        } else {
            line.put("pass", fault.isEmpty());
            fault.ifPresent(found -> line.put("cause", found.text()).put("advice", found.advice()));
            line.put("detail", detail);
        }
        address.ifPresent(checked -> line.put("address", checked.toString()));
        return line;
    }
}
