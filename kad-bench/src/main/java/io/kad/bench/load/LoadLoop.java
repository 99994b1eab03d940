package io.kad.bench.load;

import io.kad.bench.measure.Measurement;
import java.time.Duration;

/** Rule by which requests are sent. */
interface LoadLoop {

    /**
     * Sends requests for {@code duration}, and returns when each has ended.
     *
     * @param first number of the first request; the others have the next numbers
     * @throws InterruptedException if the thread is interrupted
     */
    Measurement run(Duration duration, long first) throws InterruptedException;
}
