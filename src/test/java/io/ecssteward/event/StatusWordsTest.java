package io.ecssteward.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The color of what nobody taught the steward: by the words in it, and not more often than it must be. */
class StatusWordsTest {

    @ParameterizedTest
    @CsvSource({
        "FAILED, ERROR",
        "Failed, ERROR",
        "TIMED_OUT, ERROR",
        "TimedOut, ERROR",
        "ABORTED, ERROR",
        "RetriesExhausted, ERROR",
        "ROLLBACK_COMPLETE, ERROR",
        "UPDATE_ROLLBACK_IN_PROGRESS, ERROR",
        "CREATE_FAILED, ERROR",
        "COMPLETED_WITH_ERRORS, ERROR",
        "STOPPED, WARNING",
        "CANCELLED, WARNING",
        "Canceled, WARNING",
        "EXPIRED, WARNING",
        "NON_COMPLIANT, WARNING",
        "WARN, WARNING",
        "STOP, WARNING",
        "RetriesExhausted, ERROR",
        "not available, ERROR",
        "NotReady, ERROR",
        "PARTIAL, WARNING",
        "SUCCEEDED, INFO",
        "COMPLETED, INFO",
        "COMPLIANT, INFO",
        "closed, INFO",
        "NO_FAILURES, ",
        "0 failed, ",
        "IN_PROGRESS, ",
        "failover-test-7, WARNING",
        "shop-web, "
    })
    void aStatusHasAColor(String status, String expected) {
        assertThat(String.valueOf(StatusWords.ofWord(status))).isEqualTo(String.valueOf(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'state': 'SUCCEEDED', 'attempts': [{'state': 'FAILED'}]} | INFO",
                "{'state': 'FAILED', 'previousState': 'SUCCEEDED'} | ERROR",
                "{'state': {'value': 'OK'}, 'previousState': {'value': 'ALARM'}} | INFO",
                "{'jobStatus': 'FAILED'} | ERROR",
                "{'build-status': 'FAILED'} | ERROR",
                "{'StatusCode': 'Failed'} | ERROR",
                "{'EventCategories': ['failure']} | ERROR",
                "{'severity': 'HIGH'} | ERROR",
                "{'severity': {'description': 'Low'}} | INFO",
                "{'scan-status': 'COMPLETE', 'finding-severity-counts': {'CRITICAL': 1}} | CRITICAL",
                "{'scan-status': 'COMPLETE', 'finding-severity-counts': {'CRITICAL': 0}} | INFO",
                "{'errorCode': 'AccessDenied'} | WARNING",
                "{'message': 'it failed'} | INFO",
                "{'condition': 'RetriesExhausted'} | ERROR",
                "{'status': 'a long sentence which says that something failed, and that is not what a status does at all'} | INFO",
                "{'result': '{\\\"status\\\": \\\"FAILED\\\"}'} | ERROR"
            })
    void theStatusNearestToTheRootCounts(String detail, String expected) {
        String event = "{\"source\": \"shop\", \"detail-type\": \"Job\", \"detail\": %s}";
        assertThat(Reading.read(event.formatted(detail.replace('\'', '"')))
                        .alert()
                        .severity())
                .hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EC2 Instance Launch Unsuccessful | ERROR",
                "Order Import Failed | ERROR",
                "EC2 Spot Instance Interruption Warning | WARNING",
                "ACM Certificate Approaching Expiration | WARNING",
                "Error Budget Updated | INFO",
                "Alarm Mute Rule State Change | INFO",
                "Backup Job State Change | INFO"
            })
    void theKindOfAnEventCounts(String kind, String expected) {
        String event = "{\"source\": \"shop\", \"detail-type\": \"%s\", \"detail\": {}}";
        assertThat(Reading.read(event.formatted(kind)).alert().severity()).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({"Failover Finished, INFO", "Order Import Failed, ERROR", "Order Import Failure, ERROR"})
    void aGoodStatusCountsMoreThanTheKindUnlessThatIsAFailure(String kind, String expected) {
        String event = "{\"source\": \"shop\", \"detail-type\": \"%s\", \"detail\": {\"state\": \"COMPLETED\"}}";
        assertThat(Reading.read(event.formatted(kind)).alert().severity()).hasToString(expected);
    }

    @Test
    void aCallIsTitledByItsName() {
        assertThat(Reading.read("""
                        {"source": "aws.rds", "detail-type": "AWS API Call via CloudTrail",
                         "detail": {"eventName": "DeleteDBInstance", "requestParameters": {"name": "orders"}}}""").alert().title()).isEqualTo("AWS API Call via CloudTrail: DeleteDBInstance");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALARM: \"web\" in EU (Ireland) | ERROR",
                "[FAILED] nightly import | ERROR",
                "FAILED: deploy of shop | ERROR",
                "Nightly check FAILED for web-1 | ERROR",
                "The job failed after 3 tries | ERROR",
                "Import timed out | ERROR",
                "Build finished with errors | ERROR",
                "CRITICAL: disk full | CRITICAL",
                "WARNING - disk nearly full | WARNING",
                "Certificate expires in 6 days | WARNING",
                "OK: \"web\" in EU (Ireland) | INFO",
                "[RESOLVED] import failed | INFO",
                "The failed import is resolved | INFO",
                "Not resolved: queue still unreachable | ERROR",
                "Fixed-rate job failed | ERROR",
                "Cleared to deploy: error in step 3, import failed | ERROR",
                "Unable to assume role | ERROR",
                "Budget exceeded by shop | WARNING",
                "Recovered: host web-1 had failed | INFO",
                "0 failed, 120 passed | INFO",
                "Tests: failures: 0 | INFO",
                "Nightly check: no errors | INFO",
                "Deploy completed without failures | INFO",
                "Weekly error report | INFO",
                "Failover test on Sunday | INFO",
                "Disk full | INFO",
                "New failure budget | INFO"
            })
    void aSubjectHasAColor(String subject, String expected) {
        assertThat(Reading.read(Reading.sns(subject, "details")).alert().severity())
                .hasToString(expected);
        assertThat(Reading.read(Reading.sns(null, subject)).alert().severity()).hasToString(expected);
    }

    /** Written anew with {@code -Dnotices.update=true}. */
    @Test
    void theDocumentationHasTheWords() throws IOException {
        Path page = Path.of("docs/events.md");
        String begin = "<!-- the words, written by StatusWordsTest -->\n";
        String end = "<!-- end of the words -->";
        String text = Files.readString(page);
        String table = "| severity | words |\n| --- | --- |\n"
                + Arrays.stream(Severity.values())
                        .map(severity -> "| " + severity.name().toLowerCase(Locale.ROOT) + " | "
                                + StatusWords.WORDS.get(severity).stream()
                                        .sorted()
                                        .collect(Collectors.joining(", "))
                                + " |\n")
                        .collect(Collectors.joining());
        int from = text.indexOf(begin) + begin.length();
        String expected = text.substring(0, from) + table + text.substring(text.indexOf(end));
        if (Boolean.getBoolean("notices.update")) {
            Files.writeString(page, expected);
        }
        assertThat(Files.readString(page)).isEqualTo(expected);
    }

    @Test
    void whatNobodyShouldSendTakesNoLongerThanAMoment() {
        StringBuilder wide = new StringBuilder("{\"a0\": 0");
        for (int i = 1; i < 60_000; i++) {
            wide.append(", \"state").append(i).append("\": \"FAILED ").append(i).append('"');
        }
        String deep = "{\"state\":".repeat(480) + "1" + "}".repeat(480);
        String text = "a: b\n".repeat(200_000);
        for (String body : new String[] {wide + "}", deep, text, "0 failed ".repeat(100_000), "- ".repeat(500_000)}) {
            long start = System.nanoTime();
            Alert alert = Reading.read(body).alert();
            assertThat(alert.fields()).hasSizeLessThanOrEqualTo(20);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        }
    }
}
