package io.kad.node.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.node.http.HttpError;
import io.kad.node.option.ApiOptions;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.OutputLine;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/** Last lines of a node whose refusal has a code of HTTP, as the command line has them. */
final class NodeRefusal {

    private NodeRefusal() {}

    /** Returns {@code line}, or a refusal of HTTP as one of the command line. */
    static ObjectNode translated(ObjectNode line, int status, String node, boolean hasToken) {
        String code = line.path("code").asText();
        String message = line.path("message").asText();
        if (line.path("ok").asBoolean() || !line.has("code") || codeOf(line).isPresent()) {
            return line;
        } else if (status == HttpError.UNAUTHORIZED.status()) {
            return OutputLine.badInput((hasToken ? "wrong " + ApiOptions.TOKEN : "missing " + ApiOptions.TOKEN)
                    + " for the node at " + node
                    + ": give that of its --http-token, or of the file http-token in its data directory");
        } else if (code.equals(HttpError.TOO_LARGE.code())) {
            return OutputLine.error(ErrorCode.INVALID_RECORD, "refused by the node at " + node + ": " + message);
        } else if (status == HttpError.FORBIDDEN.status()) {
            return OutputLine.badInput("refused by the node at " + node + ": " + message);
        }
        return OutputLine.error(
                ErrorCode.UNREACHABLE, "refused by the node at " + node + " (status " + status + "): " + message);
    }

    /** Returns {@code line}; if it refuses one of those parameters, it calls it an option, as the command line does. */
    static ObjectNode withOptions(ObjectNode line, Collection<String> parameters) {
        String message = line.path("message").asText();
        return parameters.stream()
                .filter(name -> message.startsWith(name + " must be ") || message.startsWith(name + " exceeds "))
                .findFirst()
                .map(name -> line.put("message", "--" + message))
                .orElse(line);
    }

    private static Optional<ErrorCode> codeOf(ObjectNode line) {
        String code = line.path("code").asText();
        return Stream.of(ErrorCode.values())
                .filter(known -> known.text().equals(code))
                .findFirst();
    }

    /** Returns the exit code of a command with that last line. */
    static int exitCode(ObjectNode line) {
        // Not ok and no code of a command: a diagnosis that has found a fault, or a refusal of HTTP
        return line.path("ok").asBoolean()
                ? 0
                : codeOf(line).map(ErrorCode::exitCode).orElse(1);
    }
}
