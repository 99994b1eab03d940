package io.kad.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Client of a server by the byte, for what no library sends. */
final class RawClient implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;

    RawClient(InetSocketAddress address) throws IOException {
        this(address, 0);
    }

    RawClient(InetSocketAddress address, int receiveBuffer) throws IOException {
        socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(address, TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = socket.getInputStream();
    }

    /** Answer with its whole body. */
    record Answer(int status, Map<String, String> headers, String body) {

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }

        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(body);
        }
    }

    /** Sends a request, and returns its answer. */
    static Answer request(InetSocketAddress address, String head, String... headers) throws IOException {
        try (RawClient client = new RawClient(address)) {
            client.send(head, headers);
            return client.answer();
        }
    }

    /** Sends the request line {@code head}, and headers after that of the host unless they begin with one. */
    void send(String head, String... headers) throws IOException {
        StringBuilder text = new StringBuilder(head).append(" HTTP/1.1\r\n");
        if (headers.length == 0 || !headers[0].startsWith("Host")) {
            text.append("Host: localhost\r\n");
        }
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        write(text.append("\r\n").toString());
    }

    void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Reads an answer to anything but HEAD. */
    Answer answer() throws IOException {
        Answer head = head();
        String length = head.header("Content-Length");
        if (head.header("Transfer-Encoding").equals("chunked")) {
            return new Answer(head.status(), head.headers(), chunks());
        }
        return new Answer(
                head.status(),
                head.headers(),
                length.isEmpty() ? "" : new String(in.readNBytes(Integer.parseInt(length)), ISO_8859_1));
    }

    /** Reads an answer without a body. */
    Answer head() throws IOException {
        String status = line();
        if (status.isEmpty()) {
            throw new IOException("the connection has ended");
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            String[] parts = line.split(": ?", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
        }
        return new Answer(Integer.parseInt(status.split(" ", -1)[1]), headers, "");
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        for (String chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
            body.append(chunk);
        }
        return body.toString();
    }

    /** Reads a chunk; empty at the end of the body. */
    String chunk() throws IOException {
        int size = Integer.parseInt(line(), 16);
        String chunk = new String(in.readNBytes(size), ISO_8859_1);
        line();
        return chunk;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int read = in.read(); read >= 0 && read != '\n'; read = in.read()) {
            if (read != '\r') {
                line.write(read);
            }
        }
        return line.toString(ISO_8859_1);
    }

    /** Reads the rest, until the server ends the connection. */
    String rest() throws IOException {
        try {
            return new String(in.readAllBytes(), ISO_8859_1);
        } catch (SocketException reset) {
            return "";
        }
    }

    /** Ends the connection by a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
