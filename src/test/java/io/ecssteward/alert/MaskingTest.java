package io.ecssteward.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.ecssteward.testing.PlantedSecrets;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Thousands of messages with secrets, whole, cut anywhere, and as a part of other texts. */
class MaskingTest {

    @Provide
    Arbitrary<String> messages() {
        return PlantedSecrets.messages(8);
    }

    @Property(tries = 3_000, edgeCases = EdgeCasesMode.NONE)
    void noMessageHasASecretLeft(@ForAll("messages") String message) {
        assertThat(message).contains(PlantedSecrets.SESAME);
        assertThat(Redactor.text(message)).doesNotContain(PlantedSecrets.SESAME);
    }

    @Property(tries = 3_000, edgeCases = EdgeCasesMode.NONE)
    void noBeginningHasASecretLeft(@ForAll("messages") String message, @ForAll @IntRange(max = 999) int permille) {
        String cut = message.substring(0, message.length() * permille / 1000);
        assertThat(Redactor.text(cut)).as(cut).doesNotContain(PlantedSecrets.SESAME);
    }

    @Property(tries = 3_000, edgeCases = EdgeCasesMode.NONE)
    void noTextAroundItGivesASecretAway(@ForAll("messages") String message) {
        String quoted = TextNode.valueOf(message).toString();
        assertThat(Redactor.text("got " + quoted + " from it")).doesNotContain(PlantedSecrets.SESAME);
    }

    @Property(tries = 3_000, edgeCases = EdgeCasesMode.NONE)
    void maskingTwiceIsMaskingOnce(@ForAll("messages") String message) {
        String shown = Redactor.text(message);
        assertThat(Redactor.text(shown)).isEqualTo(shown);
    }
}
