package io.ecssteward.alerting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Field;
import io.ecssteward.event.Event;
import io.ecssteward.testing.Events;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelRoutingTest {

    private static final Event WEB = Events.spot("service:web", "2026-11-20T10:00:00Z");
    private static final Event TEXT = Events.read("just text");

    private static String of(String rules, Event event) {
        return new ChannelRouting("#all", rules).of(event.alert().severity(), event);
    }

    @ParameterizedTest
    @CsvSource({
        "service:web=#fits, true", "service:prod/web=#fits, true", "service:stage/web=#fits, false",
                "service:shop=#fits, false",
        "cluster:prod=#fits, true", "cluster:pro=#fits, false", "severity:warning=#fits, true",
                "severity:WARNING=#fits, true",
        "severity:critical=#fits, false", " service : web = #fits , true"
    })
    void aRuleFitsByServiceClusterOrSeverity(String rule, boolean fits) {
        assertThat(of(rule, WEB)).isEqualTo(fits ? "#fits" : "#all");
    }

    @Test
    void theFirstRuleThatFitsWins() {
        assertThat(of("severity:critical=#oncall, service:prod/web=#web, cluster:prod=#prod", WEB))
                .isEqualTo("#web");
        assertThat(of("cluster:prod=#prod,service:prod/web=#web", WEB)).isEqualTo("#prod");
    }

    @Test
    void whatBelongsToNoClusterGoesByItsSeverityOrToTheDefault() {
        assertThat(of("cluster:prod=#prod,service:web=#web", TEXT)).isEqualTo("#all");
        assertThat(of("severity:" + TEXT.alert().severity() + "=#text", TEXT)).isEqualTo("#text");
    }

    @Test
    void withoutRulesAndDefaultThereIsNoChannel() {
        assertThat(new ChannelRouting(null, "").of(WEB.alert().severity(), WEB)).isNull();
        assertThat(new ChannelRouting(null, " , ,").all()).isEmpty();
    }

    @Test
    void allChannelsAreKnownOnce() {
        assertThat(new ChannelRouting("#ops", "severity:critical=#oncall,cluster:a=#ops,cluster:b=#oncall").all())
                .containsExactly("#oncall", "#ops");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prod=#prod",
                "team:web=#web",
                "cluster:=#prod",
                "cluster:prod=",
                "cluster:prod",
                "=",
                ":",
                "#ops"
            })
    void aRuleThatCannotBeReadIsShownBesideOneThatCan(String rule) {
        assertThatThrownBy(() -> new ChannelRouting(null, "cluster:ok=#ok, " + rule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + rule
                        + "' is not a rule; write severity:critical=#oncall, cluster:prod=#prod, service:prod/web=#web, "
                        + "account:111122223333=#shop or region:eu-west-1=#eu");
    }

    @ParameterizedTest
    @CsvSource({
        "account:111122223333=#fits, true",
        "account:shop-prod=#fits, true",
        "account:shop-prod/eu-west-1=#fits, true",
        "account:111122223333/eu-west-1=#fits, true",
        "account:shop-prod/us-east-1=#fits, false",
        "account:shop-dev=#fits, false",
        "account:444455556666=#fits, false",
        "region:eu-west-1=#fits, true",
        "region:eu=#fits, false"
    })
    void aRuleFitsByAccountAndRegion(String rule, boolean fits) {
        AccountNames names = new AccountNames("111122223333=shop-prod, 444455556666 = shop-dev");
        assertThat(new ChannelRouting("#all", rule, names).of(WEB.alert().severity(), WEB))
                .isEqualTo(fits ? "#fits" : "#all");
        assertThat(new ChannelRouting("#all", rule, names).of(TEXT.alert().severity(), TEXT))
                .isEqualTo("#all");
    }

    @Test
    void fieldsAboutAccountsShowTheirNames() {
        Alert alert = Alert.about("x")
                .field("Account", "111122223333")
                .field("Account of the metrics", "444455556666, 777788889999")
                .field("Number", "111122223333")
                .build();
        assertThat(new AccountNames("111122223333=shop $1, 444455556666=dev")
                        .in(alert)
                        .fields())
                .extracting(Field::value)
                .containsExactly("shop $1 (111122223333)", "dev (444455556666), 777788889999", "111122223333");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop=111122223333", "111122223333", "111122223333=", "1111=shop", "111122223333=a=b"})
    void anAccountThatCannotBeReadIsNamed(String entry) {
        assertThatThrownBy(() -> new AccountNames("444455556666=ok, " + entry))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + entry + "'");
    }

    @Test
    void aSeverityThatIsNoneIsShownBesideThoseThereAre() {
        assertThatThrownBy(() -> new ChannelRouting(null, "severity:fatal=#oncall"))
                .hasMessage("'severity:fatal=#oncall' names no severity; there are [critical, error, warning, info]");
    }
}
