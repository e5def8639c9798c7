package io.ecssteward.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArnTest {

    private static Arn arn(String resource) {
        return Arn.parse("arn:aws-cn:ecs:cn-north-1:111122223333:" + resource).orElseThrow();
    }

    @Test
    void parts() {
        Arn arn = arn("service/prod/web");
        assertThat(arn.partition()).isEqualTo("aws-cn");
        assertThat(arn.service()).isEqualTo("ecs");
        assertThat(arn.region()).isEqualTo("cn-north-1");
        assertThat(arn.account()).isEqualTo("111122223333");
        assertThat(arn.name()).isEqualTo("web");
        assertThat(arn.cluster()).contains("prod");
        assertThat(arn("alarm:a:b").resource()).isEqualTo("alarm:a:b");
    }

    @Test
    void oldArnsLackTheCluster() {
        assertThat(arn("service/web").cluster()).isEmpty();
        assertThat(arn("task/0b69").cluster()).isEmpty();
        assertThat(arn("cluster/prod").cluster()).contains("prod");
    }

    @Test
    void whatIsNoArn() {
        assertThat(Arn.parse(null)).isEmpty();
        assertThat(List.of("", "arn:", "prod", "arn:aws:ecs:eu-west-1:1"))
                .allSatisfy(text -> assertThat(Arn.parse(text)).isEmpty());
        assertThat(Arn.nameOf(null)).isNull();
        assertThat(Arn.nameOf("prod")).isEqualTo("prod");
        assertThat(Arn.nameOf("arn:aws:ecs:eu-west-1:1:cluster/prod")).isEqualTo("prod");
    }

    @Test
    void slashesAloneNameNothing() {
        assertThat(List.of("/", "//", "", "cluster/", "service//web"))
                .allSatisfy(r -> assertThat(arn(r).cluster()).isEmpty());
        assertThat(arn("cluster/").name()).isEqualTo("arn:aws-cn:ecs:cn-north-1:111122223333:cluster/");
    }
}
