package io.kad.core.engine;

/**
 * Identifies one command of a user to one peer: a change that the engine confirms with a result.
 *
 * @param number counts the commands of the peer from 1
 */
public record CommandId(long number) {
    @Override
    public String toString() {
        return "c" + number;
    }
}
