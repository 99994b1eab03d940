package io.kad.api.spi.store;

/**
 * Failure of a store operation.
 *
 * <p>{@link Full} and {@link TooLarge} leave the store unchanged; a retry succeeds only after records were removed or a limit was
 * raised. After {@link Failed} a retry is safe: a write was made completely or not at all. After {@link Closed} every retry fails.
 */
public abstract sealed class StoreException extends Exception {

    private static final long serialVersionUID = 1L;

    private StoreException(String message) {
        super(message);
    }

    private StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Thrown when a limit of the store is reached and no record may be evicted. */
    public static sealed class Full extends StoreException permits ShareReached {
        private static final long serialVersionUID = 1L;

        public Full(String message) {
            super(message);
        }

        /**
         * Returns the exception for a limit on the content of the store.
         *
         * @param limit the limit that is reached
         * @param unit the things that are counted, such as {@code remote records}
         * @param option the name of the option that sets the limit
         */
        public static Full reached(long limit, String unit, String option) {
            return new Full("store full: limit of " + limit + " " + unit + " reached (" + option + ")");
        }
    }

    /** Thrown when one provider has as many records as it may. The store may have room for those of others. */
    public static final class ShareReached extends Full {
        private static final long serialVersionUID = 1L;

        /**
         * Creates the exception.
         *
         * @param limit the limit that is reached
         * @param unit the things that are counted, such as {@code keys per remote provider}
         * @param option the name of the option that sets the limit
         */
        public ShareReached(long limit, String unit, String option) {
            super("refused: limit of " + limit + " " + unit + " reached (" + option + ")");
        }
    }

    /** Thrown when a key, a value or a list of addresses is larger than the store accepts. */
    public static final class TooLarge extends StoreException {
        private static final long serialVersionUID = 1L;

        public TooLarge(String message) {
            super(message);
        }

        /**
         * Returns the exception for a limit on the size of one part of a record.
         *
         * @param part the part, such as {@code key}
         * @param bytes its size in bytes
         * @param limit the largest size in bytes
         * @param option the name of the option that sets the limit
         */
        public static TooLarge exceeded(String part, long bytes, long limit, String option) {
            return new TooLarge(part + " of " + bytes + " bytes exceeds the limit of " + limit + " (" + option + ")");
        }
    }

    /** Thrown by every call after the store was closed. */
    public static final class Closed extends StoreException {
        private static final long serialVersionUID = 1L;

        /** Creates the exception with the usual message. */
        public Closed() {
            this("the store is closed");
        }

        public Closed(String message) {
            super(message);
        }
    }

    /** Thrown when reading or writing fails. */
    public static final class Failed extends StoreException {
        private static final long serialVersionUID = 1L;

        public Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
