package io.kad.interop.hostile;

import io.kad.transport.netty.hostile.HandMadeStack;
import java.util.List;

/** Attacks on streams, which are the same whatever is below them: each runs over each stack. */
abstract class StreamAttackTest extends AttackTest {

    @Override
    List<HandMadeStack> stacks() {
        return List.of(HandMadeStack.values());
    }
}
