package io.kad.node.http;

/** Code that serves the requests of a route. */
@FunctionalInterface
public interface RouteHandler {

    /**
     * Serves a request: sends an answer, starts a stream that may go on after this method has returned, or names what sends the answer later
     * ({@link Exchange#completedBy}). What waits for the network does the last, so that it holds no thread.
     *
     * <p>Called on a thread of the server, which is interrupted when the client is gone or the server closes; a probe ({@link Route.Work#PROBE}) on
     * one that it must not block. Whatever it throws becomes the
     * answer, if none was sent.
     *
     * @throws HttpException if the request is refused
     */
    void handle(Request request, Exchange exchange) throws Exception;
}
