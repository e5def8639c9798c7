package io.ecssteward.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleLinksTest {

    private static List<String> all(String region, String name) {
        return Arrays.asList(
                ConsoleLinks.service(region, name, name),
                ConsoleLinks.task(region, name, name),
                ConsoleLinks.containerInstance(region, name, name),
                ConsoleLinks.alarm(region, name),
                ConsoleLinks.guardDutyFinding(region, name),
                ConsoleLinks.securityHubFinding(region, name),
                ConsoleLinks.securityHubControl(region, name),
                ConsoleLinks.s3Object(region, name, name),
                ConsoleLinks.home(region, "backup"));
    }

    @Test
    void everyPartitionHasItsHost() {
        assertThat(all("eu-west-1", "x")).allMatch(url -> url.startsWith("https://console.aws.amazon.com/"));
        assertThat(all("us-gov-west-1", "x")).allMatch(url -> url.startsWith("https://console.amazonaws-us-gov.com/"));
        assertThat(all("cn-north-1", "x")).allMatch(url -> url.startsWith("https://console.amazonaws.cn/"));
        assertThat(all("cn-north-1", "x")).allMatch(url -> url.contains("?region=cn-north-1"));
    }

    @Test
    void healthHasHostsOfItsOwn() {
        assertThat(ConsoleLinks.health("eu-west-1", null))
                .isEqualTo("https://health.aws.amazon.com/health/home#/account/dashboard/open-issues");
        assertThat(ConsoleLinks.health("us-gov-west-1", "arn:x"))
                .startsWith("https://phd.amazonaws-us-gov.com/phd/home#")
                .endsWith("?eventID=arn%3Ax&eventTab=details");
        assertThat(ConsoleLinks.health("cn-north-1", null)).startsWith("https://health.amazonaws.cn/health/home#");
    }

    @Test
    void withoutARegionThereIsNoLink() {
        assertThat(all(null, "x")).containsOnlyNulls();
        assertThat(ConsoleLinks.health(null, "x")).isNull();
        assertThat(all("eu-west-1", null).subList(0, 8)).containsOnlyNulls();
    }

    @Test
    void strangeNamesAreEncoded() {
        assertThat(ConsoleLinks.alarm("eu-west-1", "a/b c|<>\"&ü"))
                .endsWith("#alarmsV2:alarm/a%2Fb%20c%7C%3C%3E%22%26%C3%BC");
        assertThat(all("eu-west-1", "a/b c|<>\"&ü\n{}"))
                .allSatisfy(url -> assertThat(URI.create(url).getHost()).isEqualTo("console.aws.amazon.com"));
    }
}
