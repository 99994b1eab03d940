package io.kad.api.text;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Reason of the failure of a file in words, as the message of many exceptions of the file system is only the name of the file. */
public final class FileFailure {

    private FileFailure() {}

    /** Returns the reason without the name of the file, and never the name of a class: {@code no such file or directory}. */
    public static String reason(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file or directory";
        } else if (failure instanceof AccessDeniedException) {
            return "permission denied";
        } else if (failure instanceof FileAlreadyExistsException) {
            return "a file of that name exists";
        } else if (failure instanceof NotDirectoryException) {
            return "not a directory";
        } else if (failure instanceof DirectoryNotEmptyException) {
            return "the directory is not empty";
        } else if (failure instanceof FileSystemLoopException) {
            return "the directories form a cycle";
        } else if (failure instanceof CharacterCodingException) {
            return "not UTF-8 text";
        }
        @Nullable
        String reason = failure instanceof FileSystemException system ? system.getReason() : failure.getMessage();
        return reason == null || reason.isBlank() ? "the system gives no reason" : reason;
    }
}
