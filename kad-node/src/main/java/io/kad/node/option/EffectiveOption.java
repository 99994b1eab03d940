package io.kad.node.option;

/**
 * Option with the value that a node would use.
 *
 * @param name name of the option, as in a file of options
 * @param value text form of the value; several values have a blank between them, and the empty text is none
 * @param source where the value comes from: {@code command line}, the line of the file, or {@code default}
 */
public record EffectiveOption(String name, String value, String source) {

    static final String COMMAND_LINE = "command line";
    static final String DEFAULT = "default";
}
