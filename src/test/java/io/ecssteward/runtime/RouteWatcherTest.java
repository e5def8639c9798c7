package io.ecssteward.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two looks that find the same make an edit. */
class RouteWatcherTest {

    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-11-01T00:00:00Z"));

    private final ManualClock clock = ManualClock.at("2026-11-20T10:00:00Z");

    @TempDir
    private Path temp;

    private Path one;
    private RouteWatcher folder;

    @BeforeEach
    void start() throws IOException {
        one = write("one.camel.yaml", "one");
        write("two.camel.yaml", "two");
        folder = new RouteWatcher("file:" + temp + "/*.camel.yaml", clock);
    }

    private Path write(String name, String text) throws IOException {
        Path file = Files.writeString(temp.resolve(name), text);
        return Files.setLastModifiedTime(file, LONG_AGO);
    }

    private void assertEdited() {
        assertThat(folder.edited()).as("at the first look").isFalse();
        assertThat(folder.edited()).as("at the second look").isTrue();
        assertThat(folder.edited()).as("at the third look").isFalse();
    }

    private void assertNotEdited() {
        for (int i = 0; i < 3; i++) {
            assertThat(folder.edited()).isFalse();
        }
    }

    @Test
    void whatStaysAsItIsIsNoEdit() throws IOException {
        assertNotEdited();
        Files.setLastModifiedTime(one, FileTime.from(clock.instant()));
        assertNotEdited();
        write("notes.txt", "about them");
        write(".one.camel.yaml.swp", "an editor's");
        assertNotEdited();
    }

    @Test
    void aFileThatIsWrittenIsAnEditWhenItIsWhole() throws IOException {
        write("one.camel.yaml", "o");
        assertThat(folder.edited()).isFalse();
        write("one.camel.yaml", "one, at l");
        assertThat(folder.edited()).isFalse();
        write("one.camel.yaml", "one, at last");
        assertEdited();
    }

    @Test
    void filesThatComeGoAndChangeTheirNamesAreEdits() throws IOException {
        Path three = write("three.camel.yaml", "three");
        assertEdited();
        Files.move(three, temp.resolve("four.camel.yaml"));
        assertEdited();
        Files.delete(temp.resolve("four.camel.yaml"));
        assertEdited();
    }

    @Test
    void aFileInPlaceOfAnotherIsAnEdit() throws IOException {
        Path other = write("one.camel.yaml~", "eno");
        Files.move(other, one, StandardCopyOption.REPLACE_EXISTING);
        assertEdited();
    }

    @Test
    void anEditWithinTheGrainOfAFileSystemsClockIsSeen() throws IOException {
        Files.setLastModifiedTime(one, FileTime.from(clock.instant()));
        assertNotEdited();
        // In place, as long as before, and at the same time.
        Files.writeString(one, "eno");
        Files.setLastModifiedTime(one, FileTime.from(clock.instant()));
        clock.advance(Duration.ofSeconds(1));
        assertEdited();
    }

    @Test
    void anEditThatIsUndoneIsAnEdit() throws IOException {
        String before = folder.content();
        write("one.camel.yaml", "other");
        assertEdited();
        write("one.camel.yaml", "one");
        assertEdited();
        assertThat(folder.content()).isEqualTo(before);
    }

    @Test
    void aFolderThatGoesAndComesBackIsAnEdit() throws IOException {
        Path away = temp.resolveSibling(temp.getFileName() + "-away");
        Files.move(temp, away);
        assertEdited();
        Files.move(away, temp);
        assertEdited();
    }

    /** As the kubelet does it: the files are links into a folder that a link leads to, and that one is replaced. */
    @Test
    void aConfigMapThatIsReplacedIsAnEdit() throws IOException {
        Path mount = Files.createDirectory(temp.resolve("mount"));
        configMap(mount, "..2026_11_20_10_00", "one");
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("..2026_11_20_10_00"));
        Files.createSymbolicLink(mount.resolve("one.camel.yaml"), Path.of("..data/one.camel.yaml"));
        folder = new RouteWatcher("file:" + mount + "/*.camel.yaml", clock);
        assertNotEdited();

        configMap(mount, "..2026_11_20_10_05", "eno");
        assertNotEdited();
        Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of("..2026_11_20_10_05"));
        Files.move(mount.resolve("..data_tmp"), mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        assertEdited();
    }

    private void configMap(Path mount, String version, String text) throws IOException {
        Path file =
                Files.writeString(Files.createDirectory(mount.resolve(version)).resolve("one.camel.yaml"), text);
        Files.setLastModifiedTime(file, LONG_AGO);
    }
}
