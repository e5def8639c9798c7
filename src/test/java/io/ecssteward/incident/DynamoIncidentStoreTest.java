package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecssteward.claim.ClaimStore;
import io.ecssteward.claim.DynamoClaimStore;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.testing.Dynamo;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class DynamoIncidentStoreTest extends IncidentStoreContract {

    private Dynamo dynamo;
    private String table;

    @Override
    ClaimStore documents() {
        dynamo = new Dynamo();
        table = dynamo.createTable();
        return new DynamoClaimStore(dynamo.client(), table, Duration.ofMinutes(5), clock);
    }

    @AfterEach
    void close() {
        dynamo.close();
    }

    @Test
    void anotherReplicaSeesItAtOnce() {
        save(open("web-7f3a"), now());
        IncidentStore another =
                new IncidentStore(new DynamoClaimStore(dynamo.client(), table, Duration.ofMinutes(5), clock), clock);

        assertThat(another.get(CHANNEL, ABOUT)).isEqualTo(read());
        assertThat(another.due(now())).containsExactly(read());
        assertThat(store.durable()).isTrue();
    }

    @Test
    void nothingOfASweepReadsTheWholeTable() {
        save(open("web-7f3a"), now());
        dynamo.takeCalls();
        store.due(now());
        store.nextDue();
        store.byId("web-7f3a");
        store.byId("web-0000");

        assertThat(dynamo.takeCalls()).containsOnly("GetItem");
    }

    @Test
    void whileDynamoDbIsAwayNothingIsSaid() {
        dynamo.fail(Dynamo.GET, 1, Dynamo.SERVER_ERROR);
        assertThatThrownBy(this::read)
                .isInstanceOf(TransientFailureException.class)
                .hasMessageStartingWith("reading incident/");
    }

    @Test
    void itemsThatTheVersionBeforeWroteAreRead() {
        Map<String, AttributeValue> open = Map.of(
                "key", AttributeValue.fromS("open/" + ABOUT),
                "owner", AttributeValue.fromS("nobody"),
                "state", AttributeValue.fromS("record"),
                "ends", AttributeValue.fromN("2111000000000"),
                "recordEnds", AttributeValue.fromN("2111000000000"),
                "ttl", AttributeValue.fromN("2111003600"),
                "note", AttributeValue.fromS("[\"a\"]"));
        dynamo.client().putItem(r -> r.tableName(table).item(open));
        save(open("web-7f3a"), now());

        assertThat(store.all()).containsExactly(read().incident());
        assertThat(documents.noted("open/" + ABOUT)).isEqualTo("[\"a\"]");
    }
}
