package io.kad.core.event;

/** Measure of numbers: each has one byte, and negative ones are findings. */
enum OneByteEach implements EventWeigher<Integer> {
    INSTANCE;

    @Override
    public int bytes(Integer event) {
        return 1;
    }

    @Override
    public boolean isFinding(Integer event) {
        return event < 0;
    }
}
