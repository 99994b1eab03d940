package io.kad.core.query;

import static java.util.Objects.requireNonNull;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.id.PeerId;
import io.kad.api.record.Record;
import io.kad.core.lookup.BackOff;
import io.kad.core.lookup.LookupConfig;
import io.kad.core.lookup.ResponseTimesSource;
import io.kad.core.record.ExpiryPolicy;
import io.kad.core.record.FoundRecord;
import io.kad.core.record.RecordRules;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Configuration and collaborators that all queries of a peer share.
 *
 * @param self the local peer
 * @param recordRules which records of a key are valid, and which is better
 * @param random source of every random choice
 * @param lookupConfig parameters of lookups
 * @param responseTimesSource source of the wait times of lookups
 * @param backOff which peers lookups skip for now
 */
public record QueryContext(
        PeerId self,
        KademliaConfig config,
        RecordRules recordRules,
        RandomGenerator random,
        LookupConfig lookupConfig,
        ResponseTimesSource responseTimesSource,
        BackOff backOff,
        QueryOperations operations) {

    public QueryContext {
        requireNonNull(self, "self");
        requireNonNull(config, "config");
        requireNonNull(recordRules, "recordRules");
        requireNonNull(random, "random");
        requireNonNull(lookupConfig, "lookupConfig");
        requireNonNull(responseTimesSource, "responseTimesSource");
        requireNonNull(backOff, "backOff");
        requireNonNull(operations, "operations");
    }

    int k() {
        return config.get(KademliaConfig.K);
    }

    int maxMessageBytes() {
        return config.get(KademliaConfig.MAX_SENT_MESSAGE_BYTES);
    }

    /** Returns the failure of a record that does not fit into a message. */
    KadException recordTooLarge() {
        return new KadException.InvalidRecord("record exceeds the message limit of " + maxMessageBytes() + " bytes ("
                + KademliaConfig.MAX_SENT_MESSAGE_BYTES.name() + ")");
    }

    /**
     * Writes a record that was found to the local store, with the time to live of one that was received.
     *
     * @param loser the record that lost to it, whose copy is removed if the other may not be stored; empty if nothing is to be removed
     */
    void mergeRecord(QueryId queryId, FoundRecord found, Optional<Record> loser) {
        Record kept = new ExpiryPolicy(config.get(KademliaConfig.RECORD_TTL), k())
                .apply(found.record(), 0, operations.wall());
        operations.mergeRecord(queryId, kept, found.holder().orElse(self), loser);
    }

    /** Returns the failure of a put because of a better record; a local clock that is late may be the reason. */
    KadException superseded(FoundRecord better, List<PeerId> storedBy, QueryStats stats) {
        return KadException.Superseded.by(
                better.record(),
                better.holder(),
                storedBy,
                recordRules.aheadOfClock(better.record(), operations.wall()),
                stats);
    }
}
