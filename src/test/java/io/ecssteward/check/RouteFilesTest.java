package io.ecssteward.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteFilesTest {

    @TempDir
    private Path folder;

    private void write(String... names) throws Exception {
        for (String name : names) {
            Files.writeString(folder.resolve(name), "");
        }
    }

    /** Camel must find what is listed. */
    private static List<String> list(String pattern) throws Exception {
        List<String> listed = RouteFiles.list(pattern);
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            assertThat(listed)
                    .allSatisfy(f -> assertThat(ResourceHelper.resolveMandatoryResource(camel, f)
                                    .exists())
                            .isTrue());
        }
        return listed;
    }

    @Test
    void theBuiltInRoutesAreFoundOnTheClasspath() throws Exception {
        assertThat(list("classpath:routes/*.camel.yaml"))
                .contains("classpath:routes/intake.camel.yaml", "classpath:routes/beans.camel.yaml")
                .isSorted()
                .hasSizeGreaterThanOrEqualTo(11);
    }

    @Test
    void aFoldersFilesAreListedInOrder() throws Exception {
        write("b.camel.yaml", "a.camel.yaml", "README.md", "c.yaml");

        assertThat(list("file:" + folder + "/*.camel.yaml"))
                .containsExactly("file:" + folder + "/a.camel.yaml", "file:" + folder + "/b.camel.yaml");
    }

    @Test
    void aFolderWithASpaceInItsNameIsOneToo() throws Exception {
        Path spaced = Files.createDirectory(folder.resolve("my routes"));
        Files.writeString(spaced.resolve("a.camel.yaml"), "");

        assertThat(list("file:" + spaced + "/*.camel.yaml")).containsExactly("file:" + spaced + "/a.camel.yaml");
    }

    @Test
    void aFileCanBeNamedAlone() throws Exception {
        write("a.camel.yaml", "b.camel.yaml");

        assertThat(list("file:" + folder + "/b.camel.yaml")).containsExactly("file:" + folder + "/b.camel.yaml");
        assertThat(list("classpath:routes/intake.camel.yaml")).containsExactly("classpath:routes/intake.camel.yaml");
    }

    @Test
    void severalPlacesAreOneListInWhichTheLastFileOfANameWins() throws Exception {
        write("mine.camel.yaml", "notices.camel.yaml");

        assertThat(list("classpath:routes/*.camel.yaml, file:" + folder + "/*.camel.yaml"))
                .contains(
                        "classpath:routes/intake.camel.yaml",
                        "file:" + folder + "/mine.camel.yaml",
                        "file:" + folder + "/notices.camel.yaml")
                .doesNotContain("classpath:routes/notices.camel.yaml");
    }

    @Test
    void aFileInTheWorkingFolderNeedsNoFolder() throws Exception {
        assertThat(list("file:pom.xml")).containsExactly("file:pom.xml");
        assertThat(list("file:src/main/resources/routes/*.camel.yaml"))
                .contains("file:src/main/resources/routes/intake.camel.yaml");
    }

    @Test
    void theRootIsAFolderToo() {
        assertThat(RouteFiles.list("file:/*.no-such-thing")).isEmpty();
        assertThat(RouteFiles.list("file:/pom.xml")).isEmpty();
    }

    @Test
    void filesInsideAJarAreListed() throws Exception {
        String inside = "classpath:META-INF/maven/org.apache.camel/camel-direct/";

        assertThat(list(inside + "pom.*")).containsExactly(inside + "pom.properties", inside + "pom.xml");
        assertThat(list(inside + "*.camel.yaml")).isEmpty();
        assertThat(list(inside + "pom.*")).hasSize(2);
    }

    @Test
    void subfoldersAreNotFiles() throws Exception {
        Files.createDirectory(folder.resolve("old.camel.yaml"));

        assertThat(list("file:" + folder + "/*.camel.yaml")).isEmpty();
        assertThat(list("file:" + folder)).isEmpty();
        assertThat(list("file:" + folder + "/")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:/no/such/folder/*.camel.yaml",
                "classpath:no/such/folder/*.camel.yaml",
                "file:",
                "classpath:"
            })
    void whatIsMissingIsAnEmptyList(String pattern) throws Exception {
        assertThat(list(pattern)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "routes", "/etc/steward/*.yaml", "https://example.com/routes/*.yaml"})
    void anotherKindOfPlaceIsRefusedWithTheRemedy(String pattern) {
        assertThatThrownBy(() -> RouteFiles.list(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("write file:FOLDER/*.camel.yaml or classpath:FOLDER/*.camel.yaml");
    }
}
