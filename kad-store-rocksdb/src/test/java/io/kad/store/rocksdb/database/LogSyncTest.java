package io.kad.store.rocksdb.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;

class LogSyncTest {

    private final List<String> calls = new ArrayList<>();
    private boolean logFails;
    private boolean filesFail;
    private final LogSync sync = new LogSync(() -> call("log", logFails), () -> call("files", filesFail));

    private void call(String step, boolean fails) throws RocksDBException {
        calls.add(step);
        if (fails) {
            throw new RocksDBException("input/output error in " + step);
        }
    }

    @Test
    void aLogThatIsCompleteIsSynced() throws RocksDBException {
        sync.run();
        sync.run();
        assertThat(calls).containsExactly("log", "log");
    }

    @Test
    void afterAFailureEverythingIsWrittenToOtherFilesOnce() throws RocksDBException {
        logFails = true;
        sync.run();
        logFails = false;
        sync.run();
        assertThat(calls).containsExactly("log", "files", "log");
    }

    @Test
    void aLogThatMayHaveAGapIsNeverTrustedUntilEverythingWasWritten() throws RocksDBException {
        logFails = true;
        filesFail = true;
        assertThatExceptionOfType(RocksDBException.class).isThrownBy(sync::run).withMessageContaining("files");
        logFails = false;
        assertThatExceptionOfType(RocksDBException.class).isThrownBy(sync::run).withMessageContaining("files");
        filesFail = false;
        sync.run();
        sync.run();
        assertThat(calls).containsExactly("log", "files", "files", "files", "log");
    }
}
