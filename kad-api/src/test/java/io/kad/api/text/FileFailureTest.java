package io.kad.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FileFailureTest {

    @Test
    void aReasonIsWordsWithoutTheNameOfTheFileOrOfAClass() {
        Map<IOException, String> reasons = Map.ofEntries(
                Map.entry(new NoSuchFileException("/f"), "no such file or directory"),
                Map.entry(new AccessDeniedException("/f"), "permission denied"),
                Map.entry(new FileAlreadyExistsException("/f"), "a file of that name exists"),
                Map.entry(new NotDirectoryException("/f"), "not a directory"),
                Map.entry(new DirectoryNotEmptyException("/f"), "the directory is not empty"),
                Map.entry(new FileSystemLoopException("/f"), "the directories form a cycle"),
                Map.entry(new MalformedInputException(1), "not UTF-8 text"),
                Map.entry(new FileSystemException("/f", null, "No space left"), "No space left"),
                Map.entry(new NotLinkException("/f"), "the system gives no reason"),
                Map.entry(new IOException("stream closed"), "stream closed"),
                Map.entry(new IOException(), "the system gives no reason"));
        reasons.forEach(
                (failure, reason) -> assertThat(FileFailure.reason(failure)).isEqualTo(reason));
    }
}
