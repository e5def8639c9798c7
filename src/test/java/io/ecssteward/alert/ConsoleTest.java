package io.ecssteward.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    private static List<String> all(String region, String name) {
        return Arrays.asList(
                Console.service(region, name, name),
                Console.task(region, name, name),
                Console.containerInstance(region, name, name),
                Console.alarm(region, name),
                Console.guardDutyFinding(region, name),
                Console.securityHubFinding(region, name),
                Console.securityHubControl(region, name),
                Console.s3Object(region, name, name),
                Console.home(region, "backup"));
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
        assertThat(Console.health("eu-west-1", null))
                .isEqualTo("https://health.aws.amazon.com/health/home#/account/dashboard/open-issues");
        assertThat(Console.health("us-gov-west-1", "arn:x"))
                .startsWith("https://phd.amazonaws-us-gov.com/phd/home#")
                .endsWith("?eventID=arn%3Ax&eventTab=details");
        assertThat(Console.health("cn-north-1", null)).startsWith("https://health.amazonaws.cn/health/home#");
    }

    @Test
    void withoutARegionThereIsNoLink() {
        assertThat(all(null, "x")).containsOnlyNulls();
        assertThat(Console.health(null, "x")).isNull();
        assertThat(all("eu-west-1", null).subList(0, 8)).containsOnlyNulls();
    }

    @Test
    void strangeNamesAreEncoded() {
        assertThat(Console.alarm("eu-west-1", "a/b c|<>\"&ü"))
                .endsWith("#alarmsV2:alarm/a%2Fb%20c%7C%3C%3E%22%26%C3%BC");
        assertThat(all("eu-west-1", "a/b c|<>\"&ü\n{}"))
                .allSatisfy(url -> assertThat(URI.create(url).getHost()).isEqualTo("console.aws.amazon.com"));
    }
}
