package io.kad.node.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.node.option.UsageException;
import org.junit.jupiter.api.Test;

class ShellWordsTest {

    private static void assertWords(String line, String... words) {
        assertThat(ShellWords.split(line)).as(line).containsExactly(words);
    }

    @Test
    void quotesAndBackslashesKeepBlanks() {
        assertWords("  put /a/b 'two words' ", "put", "/a/b", "two words");
        assertWords("a\\ b\\\\c ''", "a b\\c", "");
    }

    @Test
    void withinDoubleQuotesABackslashIsRemovedBeforeWhatAShellWouldExpandOnly() {
        assertWords("\"\\$HOME\" \"\\`date\\`\" \"\\\"\" \"\\\\\" \"\\n\"", "$HOME", "`date`", "\"", "\\", "\\n");
        assertWords("'\\$HOME'", "\\$HOME");
    }

    @Test
    void aBackslashAtTheEndIsRefusedAsAnOpenQuoteIs() {
        assertThatThrownBy(() -> ShellWords.split("put /a/b x\\"))
                .isInstanceOf(UsageException.class)
                .hasMessage("a backslash ends the line; quote it, or write the whole command in one line");
        assertThatThrownBy(() -> ShellWords.split("put /a/b \"x\\"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("unterminated quote");
    }

    @Test
    void anEscapedBlankAtTheEndIsPartOfTheWord() {
        assertThat(ShellWords.split(SessionLine.of(" put /a/b x\\ ").utf8())).containsExactly("put", "/a/b", "x ");
    }

    @Test
    void onlySpacesTabsAndNewlinesSeparateWords() {
        assertWords(" put\t/app/x\n\n y ", "put", "/app/x", "y");
        assertWords("put /app/x a\u2003b", "put", "/app/x", "a\u2003b");
        assertWords("put /app/x a\u2028b\fc\u000bd\re", "put", "/app/x", "a\u2028b\fc\u000bd\re");
    }

    @Test
    void onlySpacesAndTabsEndATag() {
        assertThat(SessionLine.of(" \t#7 \tget /a/b")).isEqualTo(new SessionLine("7", "get /a/b"));
        assertThat(SessionLine.of("#7\u000bget /a/b")).isEqualTo(new SessionLine("7\u000bget", "/a/b"));
        assertThat(SessionLine.of("#7 stop \t").isStop()).isTrue();
        assertThat(SessionLine.of("stop\f").isStop()).isFalse();
    }
}
