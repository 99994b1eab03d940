package example;

import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.Query;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Records of the network over HTTP. No thread waits for the network; a request that ends early also ends its query. */
@RestController
@RequestMapping("/records/{name}")
class Records {

    private final Kademlia peer;
    private final KadProperties properties;

    Records(Kademlia peer, KadProperties properties) {
        this.peer = peer;
        this.properties = properties;
    }

    @PutMapping
    CompletableFuture<String> put(@PathVariable String name, @RequestBody String value) {
        Record record = Record.of(key(name), Bytes.utf8(value));
        return bounded(peer.putRecord(record, Quorum.one())).thenApply(put -> "stored");
    }

    @GetMapping
    CompletableFuture<String> get(@PathVariable String name) {
        return bounded(peer.getRecord(key(name), Quorum.one()))
                .thenApply(found -> found.record().value().utf8().orElse("(not text)"));
    }

    private static RecordKey key(String name) {
        return RecordKey.utf8("/app/" + name);
    }

    private <R> CompletableFuture<R> bounded(Query<R> query) {
        CompletableFuture<R> result = query.result();
        return result.copy()
                .orTimeout(properties.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((value, failure) -> result.cancel(false));
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.NOT_FOUND)
    String notFound(KadException.NotFound failure) {
        return failure.getMessage();
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.SERVICE_UNAVAILABLE)
    String failed(KadException failure) {
        return failure.getMessage();
    }
}
