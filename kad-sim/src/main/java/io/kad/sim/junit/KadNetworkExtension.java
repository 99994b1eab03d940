package io.kad.sim.junit;

import io.kad.api.KademliaConfig;
import io.kad.sim.SimNetwork;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.platform.commons.support.AnnotationSupport;

/** JUnit extension that creates the network of a {@link KadNetwork} for each test, and prints its seed if the test fails. */
public final class KadNetworkExtension implements ParameterResolver, TestWatcher {

    private static final Namespace NAMESPACE = Namespace.create(KadNetworkExtension.class);

    /** Called by JUnit. */
    public KadNetworkExtension() {}

    /** Network that JUnit closes after the test. */
    private record OpenNetwork(SimNetwork network) implements AutoCloseable {
        @Override
        public void close() {
            network.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SimNetwork.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        KadNetwork annotation = findAnnotation(context)
                .orElseThrow(
                        () -> new IllegalStateException("missing @KadNetwork: add it to the test or to its class"));
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent("network", name -> new OpenNetwork(create(annotation)), OpenNetwork.class)
                .network();
    }

    private static Optional<KadNetwork> findAnnotation(ExtensionContext context) {
        return context.getTestMethod()
                .flatMap(method -> AnnotationSupport.findAnnotation(method, KadNetwork.class))
                .or(() -> context.getTestClass()
                        .flatMap(type -> AnnotationSupport.findAnnotation(type, KadNetwork.class)));
    }

    private static SimNetwork create(KadNetwork annotation) {
        KademliaConfig.Builder config = KademliaConfig.builder();
        for (String option : annotation.config()) {
            int equals = option.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("invalid config '" + option + "': expected name=value");
            }
            config.set(option.substring(0, equals), option.substring(equals + 1));
        }
        return SimNetwork.builder()
                .peers(annotation.peers())
                .seed(annotation.seed() == 0 ? new SecureRandom().nextLong() : annotation.seed())
                .tables(annotation.tables())
                .config(config.build())
                .build();
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        OpenNetwork opened = context.getStore(NAMESPACE).get("network", OpenNetwork.class);
        if (opened != null) {
            System.err.println(context.getDisplayName() + " failed with @KadNetwork(seed = "
                    + opened.network().seed() + ")");
        }
    }
}
