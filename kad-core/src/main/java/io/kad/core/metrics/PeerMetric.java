package io.kad.core.metrics;

import io.kad.api.spi.metrics.Metric;
import java.util.List;

/** Metrics that a peer reports. */
@SuppressWarnings("ImmutableEnumChecker") // a metric is a record of texts
public enum PeerMetric {
    REQUESTS_SENT(
            "kad.requests.sent",
            "Time from sending a request until its response or failure, without waiting for local limits.",
            "type",
            "outcome"),
    REQUESTS_SERVED(
            "kad.requests.served", "Time from receiving a request until its response or refusal.", "type", "outcome"),
    QUERIES("kad.queries", "Time of the queries of users, from start to result.", "kind", "outcome"),
    QUERIES_CONVERGED("kad.queries.converged", "Time from the start of a query until its lookup converged.", "kind"),
    QUERY_HOPS("kad.queries.hops", "Largest hop of a peer that responded to a query.", "kind"),
    QUERY_REQUESTS("kad.queries.requests", "Requests of a query.", "kind"),
    QUERIES_RUNNING("kad.queries.running", "Queries of users that run."),
    BACKGROUND_QUERIES(
            "kad.background.queries",
            "Time of the queries of background work, from start to result.",
            "kind",
            "outcome"),
    BACKGROUND_QUERY_HOPS(
            "kad.background.queries.hops",
            "Largest hop of a peer that responded to a query of background work.",
            "kind"),
    BACKGROUND_QUERY_REQUESTS("kad.background.queries.requests", "Requests of a query of background work.", "kind"),
    BACKGROUND_QUERIES_RUNNING("kad.background.queries.running", "Queries of background work that run.", "kind"),
    ROUTING_TABLE_PEERS(
            "kad.routing.table.peers",
            "Peers of the routing table by bucket, the binary logarithm of their distances.",
            "bucket"),
    ROUTING_TABLE_CHANGES("kad.routing.table.changes", "Changes of the routing table.", "change"),
    CONNECTIONS("kad.connections", "Open connections.", "direction", "transport"),
    STREAMS("kad.streams", "Open streams of all connections."),
    CONNECTIONS_OPENED("kad.connections.opened", "Connections that were opened.", "direction", "transport"),
    CONNECTIONS_CLOSED("kad.connections.closed", "Connections that were closed.", "direction", "transport"),
    DIALS_FAILED("kad.dials.failed", "Addresses that could not be dialled.", "reason"),
    LIMITS_REACHED("kad.limits.reached", "Times that a limit of the transport was reached.", "limit"),
    TRANSPORT(
            "kad.transport",
            "Amounts of the transport, such as bytes that wait, their limits, and bytes sent so far.",
            "amount"),
    STORE_CALLS("kad.store.calls", "Time of the calls of a store.", "store", "outcome"),
    STORE("kad.store", "Statistics of a store, by their names there.", "store", "statistic"),
    RECORDS_EVICTED("kad.records.evicted", "Received records that closer ones replaced in a full store."),
    RECORDS_SUPERSEDED("kad.records.superseded", "Locally published records that better ones replaced."),
    QUOTAS_EXCEEDED(
            "kad.quotas.exceeded",
            "Entries that were refused because of the quota of an address range, by its option.",
            "option"),
    REPUBLICATIONS("kad.republications", "Records and provider records that were stored again.", "kind", "outcome"),
    REPUBLICATIONS_BACKLOG(
            "kad.republications.backlog", "Entries that the present run of republication has not handled yet.", "kind"),
    REPUBLICATIONS_DELAYED("kad.republications.delayed", "Runs of republication that were delayed.", "kind"),
    CORRECTIONS_SKIPPED("kad.corrections.skipped", "Record corrections that were skipped, as too many ran."),
    EVENTS_DROPPED("kad.events.dropped", "Events of the peer that were dropped for slow subscribers.");

    private final Metric metric;

    PeerMetric(String name, String description, String... labels) {
        this.metric = new Metric(name, description, List.of(labels));
    }

    /** Returns its name, description and labels. */
    public Metric metric() {
        return metric;
    }
}
