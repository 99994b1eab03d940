package example.store;

import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Files of the records. Each write replaces one file atomically and syncs it before it returns. */
final class RecordFiles {

    private static final String PART = ".part";

    private final Path directory;

    RecordFiles(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    List<Record> load() throws IOException {
        List<Record> records = new ArrayList<>();
        try (var paths = Files.newDirectoryStream(directory)) {
            for (Path path : paths) {
                if (path.toString().endsWith(PART)) {
                    Files.deleteIfExists(path); // left by an interrupted write
                } else {
                    read(path).ifPresent(records::add);
                }
            }
        }
        return records;
    }

    private static Optional<Record> read(Path path) throws IOException {
        try {
            return Optional.of(read(Files.readAllBytes(path)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void write(Record record) throws IOException {
        Path file = fileOf(record.key().bytes());
        Path part = file.resolveSibling(file.getFileName() + PART);
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer content = ByteBuffer.wrap(bytes(record));
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        forceDirectory();
    }

    void delete(Bytes key) throws IOException {
        Files.deleteIfExists(fileOf(key));
        forceDirectory();
    }

    private void forceDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Returns the file of a key, named after its hash, because a key may be too long for a file name. */
    private Path fileOf(Bytes key) {
        return directory.resolve(KadKey.hash(key).toString());
    }

    private static byte[] bytes(Record record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        write(out, record.key().bytes());
        write(out, record.value());
        write(out, record.publisher().map(PeerId::bytes).orElse(Bytes.EMPTY));
        write(out, record.expires());
        write(out, record.timeReceived());
        write(out, record.published().map(PublicationTime::time));
        out.writeBoolean(record.published().filter(PublicationTime::estimated).isPresent());
        return bytes.toByteArray();
    }

    private static Record read(byte[] content) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
        RecordKey key = RecordKey.of(readBytes(in));
        Bytes value = readBytes(in);
        Bytes publisher = readBytes(in);
        return new Record(
                key,
                value,
                publisher.isEmpty() ? Optional.empty() : Optional.of(PeerId.fromBytes(publisher)),
                readTime(in),
                readTime(in),
                readPublished(in));
    }

    private static Optional<PublicationTime> readPublished(DataInputStream in) throws IOException {
        Optional<Instant> time = readTime(in);
        boolean estimated = in.readBoolean();
        return time.map(published -> new PublicationTime(published, estimated));
    }

    private static void write(DataOutputStream out, Bytes bytes) throws IOException {
        out.writeInt(bytes.size());
        out.write(bytes.toArray());
    }

    private static Bytes readBytes(DataInputStream in) throws IOException {
        return Bytes.of(in.readNBytes(in.readInt()));
    }

    private static void write(DataOutputStream out, Optional<Instant> time) throws IOException {
        out.writeBoolean(time.isPresent());
        if (time.isPresent()) {
            out.writeLong(time.get().getEpochSecond());
            out.writeInt(time.get().getNano());
        }
    }

    private static Optional<Instant> readTime(DataInputStream in) throws IOException {
        return in.readBoolean() ? Optional.of(Instant.ofEpochSecond(in.readLong(), in.readInt())) : Optional.empty();
    }
}
