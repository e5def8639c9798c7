package io.ecssteward.slack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.limits.SlackLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActionValueTest {

    private static final String ABOUT = "service/111122223333/eu-west-1/prod/web";

    @Test
    void comesBackAsItWas() {
        ActionValue value = new ActionValue("web-7f3a", ABOUT, "4h", "1763373600.123456", "web:43>web:42");
        assertThat(ActionValue.read(value.value())).isEqualTo(value);
        assertThat(ActionValue.read(ActionValue.of("web-7f3a", ABOUT).blockId(7)))
                .isEqualTo(ActionValue.of("web-7f3a", ABOUT));
    }

    @Test
    void keepsToSlacksLimitsWithTheLongestNames() {
        String longest = "service/111122223333/us-gov-east-1/" + "c".repeat(255) + "/" + "s".repeat(255);
        ActionValue value =
                new ActionValue("web-7f3a", longest, "x".repeat(5000), "1763373600.123456", "web:43>web:42");
        assertThat(value.value()).hasSizeLessThanOrEqualTo(SlackLimits.VALUE).contains(longest);
        assertThat(value.blockId(Integer.MAX_VALUE)).hasSizeLessThanOrEqualTo(SlackLimits.BLOCK_ID);
        assertThat(ActionValue.read(value.blockId(1)).incident()).isEqualTo("web-7f3a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "click_me_123", "{", "[]", "7", "null", "{\"incident\": 7}"})
    void readsNothingFromWhatIsNoneOfOurs(String written) {
        assertThat(ActionValue.read(written)).isEqualTo(new ActionValue(null, null, null, null, null));
    }

    @Test
    void isOneActHoweverOftenAConfirmationIsPressed() {
        ActionValue asked = new ActionValue("web-7f3a", ABOUT, null, "1.1", null);
        assertThat(asked.identity("U1", "redeploy", "2.2"))
                .isEqualTo(asked.identity("U1", "redeploy", "3.3"))
                .isNotEqualTo(asked.identity("U2", "redeploy", "2.2"));
        ActionValue button = ActionValue.of("web-7f3a", ABOUT);
        assertThat(button.identity("U1", "redeploy", "2.2")).isEqualTo("U1/redeploy/2.2");
    }

    @Test
    void goesIntoTheDetailOfTheEvent() {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        ActionValue.of("web-7f3a", ABOUT).into(detail);
        assertThat(detail.toString())
                .isEqualTo("{\"incident\":\"web-7f3a\",\"about\":\"" + ABOUT + "\",\"confirmed\":false}");
    }
}
