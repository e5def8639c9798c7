package io.ecssteward.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.Dynamo;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TableCheckTest {

    private final Dynamo dynamo = new Dynamo();

    @AfterEach
    void close() {
        dynamo.close();
    }

    private TableCheck check(String table) {
        return TableCheck.of(dynamo.client(), table);
    }

    @Test
    void theTableOfTheReadmeIsFine() {
        assertThat(check(dynamo.createTable())).isEqualTo(new TableCheck(null, List.of()));
    }

    @Test
    void aMissingTableEndsTheStartWithTheCommandThatMakesIt() {
        assertThat(check("ecs-steward").problem())
                .isEqualTo("there is no DynamoDB table ecs-steward in this account and region; create "
                        + "it: aws dynamodb create-table --table-name ecs-steward --attribute-definitions "
                        + "AttributeName=key,AttributeType=S "
                        + "--key-schema AttributeName=key,KeyType=HASH --billing-mode PAY_PER_REQUEST");
    }

    @Test
    void anotherKeyEndsTheStart() {
        String table = dynamo.createTable("id");
        assertThat(check(table).problem())
                .startsWith("the DynamoDB table " + table + " has the key id (S), but claims need the partition "
                        + "key key (S) and no sort key; name another table in STEWARD_CLAIMS, or create it: "
                        + "aws dynamodb create-table");
    }

    @Test
    void aSortKeyEndsTheStart() {
        String table = dynamo.createTable("key", "at");
        assertThat(check(table).problem()).contains("has the key key (S) and at (S), but claims need");
    }

    @Test
    void withoutATtlTheTableOnlyGrows() {
        String table = dynamo.createTable("key");
        assertThat(check(table).problem()).isNull();
        assertThat(check(table).warnings())
                .containsExactly("the DynamoDB table " + table + " does not delete expired claims and will only grow; "
                        + "run: aws dynamodb update-time-to-live --table-name " + table
                        + " --time-to-live-specification Enabled=true,AttributeName=ttl");
    }

    @Test
    void whoMayNotLookIsOnlyWarned() {
        String table = dynamo.createTable();
        dynamo.fail(Dynamo.DESCRIBE_TABLE, 1, Dynamo.ACCESS_DENIED);
        TableCheck check = check(table);
        assertThat(check.problem()).isNull();
        assertThat(check.warnings())
                .singleElement()
                .asString()
                .startsWith("cannot look at the DynamoDB table " + table + ": AccessDeniedException: ")
                .endsWith(
                        "; to check it at startup, allow dynamodb:DescribeTable and " + "dynamodb:DescribeTimeToLive");
    }

    @Test
    void noAnswerIsOnlyAWarning() {
        dynamo.hangUp(Dynamo.DESCRIBE_TABLE, 1);
        TableCheck check = check("claims");
        assertThat(check.problem()).isNull();
        assertThat(check.warnings())
                .singleElement()
                .asString()
                .startsWith("cannot look at the DynamoDB table claims: ")
                .endsWith("; events wait until it answers");
    }
}
