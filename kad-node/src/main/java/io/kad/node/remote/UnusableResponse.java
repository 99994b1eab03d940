package io.kad.node.remote;

import java.io.IOException;

/** Failure of a call whose answer is not one of a kad node, too large, or malformed; its message goes behind the name of the node. */
final class UnusableResponse extends IOException {

    private static final long serialVersionUID = 1L;

    UnusableResponse(String message) {
        super(message);
    }
}
