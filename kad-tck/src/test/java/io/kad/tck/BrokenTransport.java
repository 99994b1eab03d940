package io.kad.tck;

import io.kad.api.Identity;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Transports that are wrong in one way each, with the rule that this breaks, and others that suffer. */
enum BrokenTransport {
    WAITS_FOR_THE_CONNECTION("01", "02 03 05") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                @Override
                public Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback) {
                    CompletableFuture<Boolean> called = new CompletableFuture<>();
                    Cancellable operation = super.connect(peer, timeout, before(() -> called.complete(true), callback));
                    called.completeOnTimeout(false, 3, TimeUnit.SECONDS).join();
                    return operation;
                }
            };
        }
    },
    THROWS_WITHOUT_ADDRESSES("01", "02 03 04 05 06 09") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                @Override
                public Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback) {
                    if (peer.addresses().isEmpty()) {
                        throw new IllegalArgumentException("no addresses");
                    }
                    return super.connect(peer, timeout, callback);
                }
            };
        }
    },
    CALLS_BACK_WITHIN_THE_CALL("02", "") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                @Override
                public Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback) {
                    for (ConnectionInfo open : connections()) {
                        if (open.peer().equals(peer.id())) {
                            callback.onSuccess(open);
                            return () -> {};
                        }
                    }
                    return super.connect(peer, timeout, callback);
                }
            };
        }
    },
    CALLS_BACK_TWICE("02", "05") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                @Override
                public Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback) {
                    return super.connect(peer, timeout, new Callback<>() {
                        @Override
                        public void onSuccess(ConnectionInfo result) {
                            callback.onSuccess(result);
                            callback.onSuccess(result);
                        }

                        @Override
                        public void onFailure(TransportFailure failure) {
                            callback.onFailure(failure);
                        }
                    });
                }
            };
        }
    },
    DIALS_FOR_EACH_CALLER("03", "01 02 04 05") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                @Override
                boolean sharesDials() {
                    return false;
                }
            };
        }
    },
    USES_ONLY_WHAT_IT_DIALLED("04", "08") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                @Override
                boolean mayUse(boolean dialledByUs) {
                    return dialledByUs;
                }
            };
        }
    },
    KNOWS_NO_TIMEOUT("05", "03 09") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                @Override
                void timedOut(Operation<?> operation) {}
            };
        }
    },
    FORGETS_CALLBACKS_WHEN_CLOSED("05", "") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                @Override
                void endOperations() {
                    operations.clear();
                }
            };
        }
    },
    SENDS_DELAYED_REQUESTS("05", "") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                @Override
                void sendOrDelay(Operation<?> operation, Duration timeout, Runnable send) {
                    delay(operation);
                    send.run();
                }
            };
        }
    },
    BLAMES_THE_PEER_FOR_A_DELAY("05", "") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                @Override
                TransportFailure.Kind neverSent() {
                    return TransportFailure.Kind.TIMEOUT;
                }
            };
        }
    },
    SENDS_WITHOUT_BEING_ACCEPTED("06", "") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                @Override
                void refused(Operation<Void> operation) {
                    operation.succeed(null);
                }
            };
        }
    },
    WAITS_FOR_THE_END_OF_THE_OTHER_SIDE("06", "") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                @Override
                void accepted(Operation<Void> operation) {}

                @Override
                void finished(Operation<Void> operation) {
                    operation.succeed(null);
                }
            };
        }
    },
    TAKES_ANY_ANSWER("07", "") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                @Override
                boolean fits(KadRequest request, KadResponse response) {
                    return true;
                }
            };
        }
    },
    ALWAYS_SERVES("08", "06") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                @Override
                boolean isServing() {
                    return true;
                }
            };
        }
    },
    TAKES_A_REFUSAL_FOR_AN_OUTAGE("09", "") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                @Override
                TransportFailure.Kind refusal() {
                    return TransportFailure.Kind.UNREACHABLE;
                }
            };
        }
    },
    TAKES_A_DISCONNECT_FOR_A_LOSS("10", "") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                @Override
                TransportFailure.Kind disconnected() {
                    return TransportFailure.Kind.RESET;
                }
            };
        }
    },
    REFUSES_ADDRESSES_OF_THE_USER("11", "") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                private final Set<Multiaddr> refused = ConcurrentHashMap.newKeySet();

                @Override
                public void trustAddresses(PeerInfo peer) {
                    refused.addAll(peer.addresses());
                }

                @Override
                public Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback) {
                    List<Multiaddr> rest = peer.addresses().stream()
                            .filter(address -> !refused.contains(address))
                            .toList();
                    return super.connect(PeerInfo.of(peer.id(), rest), timeout, callback);
                }
            };
        }
    },
    REPORTS_A_CONNECTION_AFTER_ITS_END("12", "03 04") {
        @Override
        Transport create(PlainNetwork network, Identity identity) {
            return new PlainTransport(network, identity) {
                private final Map<Long, TransportEvent> late = new ConcurrentHashMap<>();

                @Override
                void tell(TransportEvent event) {
                    if (event instanceof TransportEvent.ConnectionOpened opened) {
                        late.put(opened.connection().id(), event);
                        return;
                    }
                    super.tell(event);
                    if (event instanceof TransportEvent.ConnectionClosed closed) {
                        super.tell(late.remove(closed.connection().id()));
                    }
                }
            };
        }
    };

    private final String rule;
    private final String others;

    BrokenTransport(String rule, String others) {
        this.rule = rule;
        this.others = others;
    }

    abstract Transport create(PlainNetwork network, Identity identity);

    /** Returns the number of the rule that it breaks. */
    String rule() {
        return rule;
    }

    /** Returns the numbers of further rules whose tests may fail for it. */
    Set<String> others() {
        return Set.of(others.split(" "));
    }

    private static <T> Callback<T> before(Runnable first, Callback<T> callback) {
        return new Callback<>() {
            @Override
            public void onSuccess(T result) {
                first.run();
                callback.onSuccess(result);
            }

            @Override
            public void onFailure(TransportFailure failure) {
                first.run();
                callback.onFailure(failure);
            }
        };
    }
}
