package io.kad.api.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import java.util.List;
import org.junit.jupiter.api.Test;

class KadRequestTypeTest {

    @Test
    void everyRequestHasItsType() {
        RecordKey key = RecordKey.utf8("/app/key");
        List<KadRequest> requests = List.of(
                new KadRequest.FindNode(Bytes.utf8("target")),
                new KadRequest.GetValue(key),
                new KadRequest.PutValue(Record.of(key, Bytes.utf8("value"))),
                new KadRequest.AddProvider(key, List.of()),
                new KadRequest.GetProviders(key),
                new KadRequest.Ping());
        assertThat(requests).extracting(KadRequestType::of).containsExactly(KadRequestType.values());
        assertThat(KadRequest.class.getPermittedSubclasses()).hasSize(KadRequestType.values().length);
    }
}
