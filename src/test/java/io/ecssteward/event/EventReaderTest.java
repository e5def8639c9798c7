package io.ecssteward.event;

import static io.ecssteward.event.Reading.read;
import static io.ecssteward.event.Reading.records;
import static io.ecssteward.event.Reading.sns;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventReaderTest {

    private final EventReader reader = new EventReader();

    @Test
    void everyEnvelopeComesOff() {
        Event bare = read(Examples.TASK);
        assertThat(bare).isInstanceOf(TaskStateChange.class);
        assertThat(List.of(
                        sns("s", Examples.TASK),
                        sns(null, sns(null, Examples.TASK)),
                        records("s", Examples.TASK),
                        records(null, sns(null, Examples.TASK))))
                .allSatisfy(body -> assertThat(read(body).payload().json())
                        .isEqualTo(bare.payload().json()));
    }

    @Test
    void anSnsNotificationGivesItsSubjectIdAndAttributes() {
        Payload payload = reader.open(Examples.BACKUP, "sqs-1").get(0);
        assertThat(payload.subject()).isEqualTo("Notification from AWS Backup");
        assertThat(payload.messageId()).isEqualTo("b1");
        assertThat(payload.attributes()).containsEntry("State", "FAILED");
    }

    @Test
    void eachRecordIsAnEventOfItsOwn() {
        String two = "{\"Records\": [{\"Sns\": {\"Message\": \"one\"}}, {\"Sns\": {\"Message\": \"one\"}}]}";
        assertThat(reader.open(two, "sqs-1")).extracting(Payload::messageId).containsExactly("sqs-1#0", "sqs-1#1");
        assertThat(reader.open(two, null))
                .extracting(p -> reader.read(p).identity())
                .allMatch(id -> id.startsWith("content/"));
        assertThat(read("{\"Records\": []}")).isInstanceOf(UnknownEvent.class);
        assertThat(read("{\"Records\": [{\"s3\": {}}]}")).isInstanceOf(UnknownEvent.class);
    }

    @Test
    void inputTransformersSendAnything() {
        assertThat(read("{\"who\": \"web\", \"what\": 5}")).isInstanceOf(UnknownEvent.class);
        assertThat(read("web did something")).isInstanceOf(PlainText.class);
        assertThat(read("\"web did something\"")).isInstanceOf(PlainText.class);
    }

    @Test
    void subscriptionConfirmations() {
        for (String type : List.of("SubscriptionConfirmation", "UnsubscribeConfirmation")) {
            Event event = read("{\"Type\": \"" + type
                    + "\", \"MessageId\": \"m\", \"TopicArn\": \"arn:aws:sns:eu-west-1:1:alerts\"}");
            assertThat(event).isInstanceOf(SubscriptionConfirmation.class);
            assertThat(event.identity()).isEqualTo("sns/m");
            assertThat(event.alert().title()).isEqualTo(type + " from alerts");
        }
        assertThat(read("{\"Type\": \"SubscriptionConfirmation\"}")).isInstanceOf(UnknownEvent.class);
    }

    @Test
    void scalarsListsAndNullAreNotices() {
        for (String body : List.of("5", "true", "null", "[]", "[1, {}]", "{}", "1e400")) {
            assertThat(read(body)).as(body).isInstanceOf(UnknownEvent.class);
            assertThat(read(body).alert().title()).isEqualTo("Message");
            assertThat(read(sns(null, body))).as(body).isInstanceOf(UnknownEvent.class);
        }
    }

    @Test
    void emptyBodiesAreTexts() {
        assertThat(reader.open(null, "m").get(0).json().asText()).isEmpty();
        assertThat(read("")).isInstanceOf(PlainText.class);
        assertThat(read(" \n")).isInstanceOf(PlainText.class);
        assertThat(read("").identity()).isEqualTo("message/" + Reading.SQS_ID);
    }

    @Test
    void whatIsNotWhollyJsonIsText() {
        for (String body : List.of(
                "{\"a\": 1} and more", "{\"a\": 1}{\"b\": 2}", "{\"a\": 1", "{a: 1}", "\uFEFF{}", "NaN", "'x'")) {
            assertThat(read(body)).as(body).isInstanceOf(PlainText.class);
        }
    }

    @Test
    void deepNestingIsTextAndNeverAnOverflow() {
        for (String deep : List.of(
                "[".repeat(2_000) + "]".repeat(2_000),
                "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000),
                "[".repeat(1_000_000))) {
            assertThat(read(deep)).isInstanceOf(PlainText.class);
            assertThat(read(sns(null, deep)).alert().title()).hasSizeLessThan(300);
        }
    }

    @Test
    void theDeepestThatIsReadCanBeWrittenIntoAReminder() {
        String deep = "{\"a\":".repeat(500) + "1" + "}".repeat(500);
        Event event = read(deep);
        assertThat(event).isInstanceOf(UnknownEvent.class);
        String followUp = FollowUp.message("agent", event, Instant.EPOCH);
        assertThat(followUp).contains("\"a\":1");
    }

    @Test
    void envelopesInEnvelopesEndSomewhere() {
        String body = "in the middle";
        for (int i = 0; i < 6; i++) {
            body = sns("s", body);
        }
        assertThat(read(body)).isInstanceOf(UnknownEvent.class);
    }

    @Test
    void aMebibyteIsRead() {
        String mebibyte = "x".repeat(1 << 20);
        assertThat(read(mebibyte).alert().title()).hasSizeLessThan(300);
        assertThat(read("{\"text\": \"" + mebibyte + "\"}").alert().title()).hasSizeLessThan(300);
        assertThat(read("{\"AlarmName\": \"" + mebibyte + "\", \"StateChangeTime\": \"" + mebibyte + "\"}")
                        .alert()
                        .title())
                .hasSizeLessThan(300);
        assertThat(read("{\"n\": " + "9".repeat(1 << 20) + "}")).isInstanceOf(PlainText.class);
        assertThat(read(sns("Notification from AWS Backup", "Abc ".repeat(1 << 18)))
                        .alert()
                        .title())
                .hasSizeLessThan(300);
    }

    @Test
    void withoutAnyIdTheContentIsTheIdentity() {
        Event one = reader.read(reader.open("{\"a\": 1}", null).get(0));
        Event copy = reader.read(reader.open(" {\"a\":1} ", null).get(0));
        Event other = reader.read(reader.open("{\"a\": 2}", null).get(0));
        assertThat(one.identity())
                .startsWith("content/")
                .isEqualTo(copy.identity())
                .isNotEqualTo(other.identity());
    }

    @Test
    void aBlankIdIsNoIdentity() {
        assertThat(read("{\"source\": \"a\", \"id\": \" \"}").identity()).isEqualTo("message/" + Reading.SQS_ID);
        assertThat(read("{\"source\": \"a\", \"id\": {}}").identity()).isEqualTo("message/" + Reading.SQS_ID);
        assertThat(read("{\"source\": \"a\", \"id\": 5}").identity()).isEqualTo("event/5");
    }
}
