package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The start script, with a JVM that prints its locale and its options. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class KadScriptTest {

    @TempDir
    private Path root;

    @BeforeEach
    void writeTree() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash");
        Path script = Path.of("..", "kad");
        assertThat(script).as("the start script").exists();
        Files.copy(script, root.resolve("kad"));
        Files.createFile(root.resolve("pom.xml"));
        writeProgram(root.resolve("jvm/bin/java"), "printf '%s\\n' \"$LC_ALL\" \"$@\"");
        Files.createFile(
                Files.createDirectories(root.resolve("kad-node/target")).resolve("kad.jar"));
        Files.createFile(root.resolve("kad-node/pom.xml"));
        Files.createDirectories(root.resolve("kad-node/src/main"));
        Files.setLastModifiedTime(
                root.resolve("kad-node/target/kad.jar"), FileTime.fromMillis(System.currentTimeMillis() + 60_000));
    }

    /** Returns the locale, and the words of the command line of the JVM. */
    private List<String> run(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Process process = start(List.of(), environment, arguments);
        List<String> lines = linesOf(process);
        assertThat(process.waitFor()).isZero();
        return lines;
    }

    /** Starts the script by another command. */
    private Process start(List<String> by, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(by);
        command.addAll(List.of("/bin/bash", root.resolve("kad").toString()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeAll(List.of("KAD_JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        builder.environment().put("JAVA_HOME", root.resolve("jvm").toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static List<String> linesOf(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static void writeProgram(Path file, String... lines) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static boolean hasUtf8Locale() throws IOException {
        Process locales = new ProcessBuilder("sh", "-c", "locale -a")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(locales.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .anyMatch(name -> name.matches("(?i)(C|en_US)\\.utf-?8"));
    }

    @Test
    void aLocaleWithoutUtf8IsReplacedByOneWithIt() throws Exception {
        assumeTrue(hasUtf8Locale(), "this machine has no UTF-8 locale");
        for (String locale : List.of("C", "POSIX", "tr_TR.ISO-8859-9")) {
            assertThat(run(Map.of("LC_ALL", locale), "node").get(0)).as(locale).matches("(?i)(C|en_US)\\.utf-?8");
        }
    }

    /** The list of locales is longer than what a pipe holds, and the one with UTF-8 is its first line. */
    @Test
    void aLocaleIsFoundInALongList() throws Exception {
        writeProgram(
                root.resolve("commands/locale"),
                "case $1 in -a) echo C.UTF-8; seq 100000 1 200000 ;; *) echo US-ASCII ;; esac");
        Map<String, String> environment = Map.of("LC_ALL", "C", "PATH", pathWithCommands());
        assertThat(run(environment, "node").get(0)).isEqualTo("C.UTF-8");
    }

    /** A closed one would become that of a file which the JVM opens. */
    @Test
    void closedStreamsAreEmptyOrRefuseWhatIsWritten() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "not Linux");
        writeProgram(root.resolve("jvm/bin/java"), "readlink /proc/$$/fd/0 /proc/$$/fd/2 >" + root.resolve("seen"));
        List<String> closing = List.of("/bin/sh", "-c", "exec \"$@\" <&- 2>&-", "sh");
        assertThat(start(closing, Map.of(), "node").waitFor()).isZero();
        assertThat(Files.readAllLines(root.resolve("seen"))).containsExactly("/dev/null", "/dev/null");

        writeProgram(
                root.resolve("jvm/bin/java"),
                "out=$(readlink /proc/$$/fd/1)",
                "echo \"$out\" >" + root.resolve("seen"));
        List<String> closingOut = List.of("/bin/sh", "-c", "exec \"$@\" >&-", "sh");
        assertThat(start(closingOut, Map.of(), "node").waitFor()).isZero();
        assertThat(Files.readAllLines(root.resolve("seen"))).containsExactly("/dev/full");
    }

    @Test
    void anArchiveOfClassesIsUsedWhereThereIsOne() throws Exception {
        assertThat(run(Map.of(), "id")).noneMatch(word -> word.startsWith("-XX:SharedArchiveFile"));

        Path archive = archive("");
        List<String> words = run(Map.of("KAD_JAVA_OPTS", "-Xmx99m"), "id", "--key", "a b");
        assertThat(words)
                .containsSubsequence("-XX:SharedArchiveFile=" + archive, "-Xmx99m", "-jar")
                .endsWith("id", "--key", "a b");
    }

    /** Writes an archive that is newer than the jar. */
    private Path archive(String content) throws IOException {
        Path archive = Files.writeString(root.resolve("kad-node/target/kad.jsa"), content);
        Files.setLastModifiedTime(archive, FileTime.fromMillis(System.currentTimeMillis() + 120_000));
        return archive.toRealPath();
    }

    @Test
    void anArchiveOfAnOlderJarIsDropped() throws Exception {
        Path archive = Files.createFile(root.resolve("kad-node/target/kad.jsa"));

        assertThat(run(Map.of(), "id")).noneMatch(word -> word.startsWith("-XX:SharedArchiveFile"));
        assertThat(archive).doesNotExist();
    }

    @Test
    void aLogOfTheJvmThatTheUserAsksForIsNotDisabled() throws Exception {
        archive("");
        assertThat(run(Map.of(), "id")).contains("-Xlog:disable");
        assertThat(run(Map.of("KAD_JAVA_OPTS", "-Xlog:gc"), "id")).containsSubsequence("-Xlog:disable", "-Xlog:gc");
        assertThat(run(Map.of("JDK_JAVA_OPTIONS", "-Xlog:gc"), "id")).noneMatch(word -> word.startsWith("-Xlog"));
        assertThat(run(Map.of("JAVA_TOOL_OPTIONS", "-Xmx1g -verbose:gc"), "id"))
                .noneMatch(word -> word.startsWith("-Xlog"));
    }

    /** Another JVM may have made the archive, or none: it must cost nothing but time, and print nothing. */
    @Test
    void anArchiveThatDoesNotFitIsIgnoredWithoutAWord() throws Exception {
        Path archive = archive("no archive");
        List<String> words = run(Map.of(), "id");
        List<String> options = words.subList(1, words.indexOf("-jar"));
        assertThat(options).contains("-XX:SharedArchiveFile=" + archive);

        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.kad.node.Main", "--version"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("kad ");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void aPeerHasAHeapThatLeavesRoomForTheRest() throws Exception {
        List<String> words = run(Map.of(), "node", "--data", "a b");
        assumeTrue(Files.exists(Path.of("/proc/meminfo")), "the memory of this machine is not known");
        int heap = mebibytes(words, "-Xmx");
        int direct = mebibytes(words, "-XX:MaxDirectMemorySize=");
        assertThat(heap).isBetween(64, 1024);
        assertThat(direct).isBetween(40, 256);
        assertThat(words.subList(words.indexOf("-jar") + 2, words.size())).containsExactly("node", "--data", "a b");
    }

    @Test
    void theDocumentHasTheOptionsForEachSizeOfMemory() throws Exception {
        List<MatchResult> rows = Pattern.compile("(?m)^\\| (\\d+) (MiB|GiB)[^|]*\\| `(-Xmx[^`]*)` \\|$")
                .matcher(Files.readString(Path.of("..", "docs", "PROGRAM.md")))
                .results()
                .toList();
        assertThat(rows).hasSize(5);
        for (MatchResult row : rows) {
            int mebibytes = Integer.parseInt(row.group(1)) * (row.group(2).equals("GiB") ? 1024 : 1);
            String arenas = mebibytes <= 1024 ? "2" : "";
            assertThat(optionsOf(mebibytes)).as(row.group()).containsExactly(row.group(3), arenas);
        }
    }

    /** Returns the options that the script chooses for a node in a container of this size, and the limit of arenas that it sets. */
    private List<String> optionsOf(int mebibytes) throws IOException {
        String commands = "eval \"$(sed -n '/^jvm_options()/,/^}/p' \"$0\")\"; memory_mib() { echo " + mebibytes
                + "; };" + " jvm_options node; echo \"${jvm[*]}\"; echo \"${MALLOC_ARENA_MAX-}\"";
        ProcessBuilder builder = new ProcessBuilder(
                "/bin/bash", "-c", commands, root.resolve("kad").toString());
        builder.environment()
                .keySet()
                .removeAll(List.of("KAD_JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "MALLOC_ARENA_MAX"));
        return new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static int mebibytes(List<String> words, String option) {
        String value = words.stream()
                .filter(word -> word.startsWith(option))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + option + " in " + words));
        return Integer.parseInt(value.substring(option.length()).replace("m", ""));
    }

    @Test
    void simulationsAndOptionsOfTheUserHaveNoDefaults() throws Exception {
        assertThat(run(Map.of(), "sim", "x.yaml").get(1)).isEqualTo("-jar");
        assertThat(run(Map.of("KAD_JAVA_OPTS", "-Xmx3g -XX:+UseG1GC"), "node").subList(1, 4))
                .containsExactly("-Xmx3g", "-XX:+UseG1GC", "-jar");
        assertThat(run(Map.of("JDK_JAVA_OPTIONS", "-Xmx3g"), "node").get(1)).isEqualTo("-jar");
    }

    private String pathWithCommands() {
        return root.resolve("commands") + ":" + System.getenv("PATH");
    }

    /** The JVM ends by itself when it is interrupted, so that the program was started nonetheless. */
    @Test
    void anInterruptWhileTheArchiveIsMadeEndsTheScriptAndWhatItHasStarted() throws Exception {
        // Where these tests run in the background, the interrupt is ignored unless it is set back
        List<String> by = List.of("env", "--default-signal=INT");
        assumeTrue(canRun(by), "this machine cannot set signals back");
        Files.delete(root.resolve("kad-node/target/kad.jar"));
        Path files = Files.createDirectories(root.resolve("tmp"));
        Path node = root.resolve("node");
        writeProgram(root.resolve("commands/mvn"), "touch kad-node/target/kad.jar");
        writeProgram(
                root.resolve("jvm/bin/java"),
                "case \"$*\" in",
                "    *DumpLoadedClassList*closest-peers*) kill -INT $PPID; exit 130 ;;",
                "    *DumpLoadedClassList*) ;;",
                "    *' node '*) echo $$ >" + node + "; echo '\"http\"'; exec sleep 60 ;;",
                "    *) echo started ;;",
                "esac");
        Process script = start(by, Map.of("PATH", pathWithCommands(), "TMPDIR", files.toString()), "id");

        assertThat(linesOf(script)).as("the program was not started").isEmpty();
        assertThat(script.waitFor()).isEqualTo(130);
        assertThat(ProcessHandle.of(Long.parseLong(Files.readString(node).strip())))
                .as("the node that the script has started")
                .isEmpty();
        assertThat(files).isEmptyDirectory();
    }

    private static boolean canRun(List<String> by) throws InterruptedException {
        List<String> command = new ArrayList<>(by);
        command.add("true");
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
