package io.ecssteward.claim;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/**
 * Checks the table of claims at startup and for {@code check --online}: a problem that makes claims impossible prevents
 * startup, other problems are warnings. If DynamoDB does not answer, that is only a warning: Steward starts, and events
 * wait in the queue.
 *
 * @param problem why claims cannot be stored in the table; null if no reason was found
 * @param warnings less urgent problems, and failed checks
 */
public record TableCheck(String problem, List<String> warnings) {

    /** The beginning of a warning when the table could not be checked. */
    private static final String CANNOT_LOOK = "cannot look at";

    /** Whether DynamoDB answered. */
    public boolean answered() {
        return warnings.stream().noneMatch(warning -> warning.startsWith(CANNOT_LOOK));
    }

    /** Checks the table with this name or ARN. */
    public static TableCheck of(DynamoDbClient client, String name) {
        List<String> warnings = new ArrayList<>();
        try {
            String problem =
                    problem(client.describeTable(r -> r.tableName(name)).table(), name);
            if (problem != null) {
                return new TableCheck(problem, warnings);
            }
            TimeToLiveDescription ttl =
                    client.describeTimeToLive(r -> r.tableName(name)).timeToLiveDescription();
            if (!expires(ttl)) {
                warnings.add("the DynamoDB table " + name
                        + " does not delete expired claims and will only grow; run: aws dynamodb "
                        + "update-time-to-live --table-name " + name
                        + " --time-to-live-specification Enabled=true,AttributeName="
                        + ClaimTable.TTL);
            }
        } catch (ResourceNotFoundException e) {
            return new TableCheck(
                    "there is no DynamoDB table " + name + " in this account and region; " + remedy(name), warnings);
        } catch (AwsServiceException e) {
            warnings.add(CANNOT_LOOK + " the DynamoDB table " + name + ": " + ClaimTable.describe(e)
                    + "; to check it at startup, allow dynamodb:DescribeTable and "
                    + "dynamodb:DescribeTimeToLive");
        } catch (SdkException e) {
            warnings.add(CANNOT_LOOK + " the DynamoDB table " + name + ": " + e.getMessage()
                    + "; events wait until it answers");
        }
        return new TableCheck(null, warnings);
    }

    private static String problem(TableDescription table, String name) {
        List<KeySchemaElement> keys = table.keySchema();
        boolean right = keys.size() == 1
                && keys.get(0).keyType() == KeyType.HASH
                && keys.get(0).attributeName().equals(ClaimTable.KEY)
                && "S".equals(type(table, ClaimTable.KEY));
        if (!right) {
            return "the DynamoDB table " + name + " has the key "
                    + keys.stream()
                            .map(k -> k.attributeName() + " (" + type(table, k.attributeName()) + ")")
                            .collect(Collectors.joining(" and "))
                    + ", but claims need the partition key " + ClaimTable.KEY
                    + " (S) and no sort key; name another table in STEWARD_CLAIMS, or "
                    + remedy(name);
        }
        if (table.tableStatus() == TableStatus.CREATING || table.tableStatus() == TableStatus.DELETING) {
            return "the DynamoDB table " + name + " is " + table.tableStatus() + "; start again when it is ACTIVE";
        }
        return null;
    }

    private static String type(TableDescription table, String attribute) {
        return table.attributeDefinitions().stream()
                .filter(d -> d.attributeName().equals(attribute))
                .map(AttributeDefinition::attributeTypeAsString)
                .findFirst()
                .orElse("?");
    }

    private static boolean expires(TimeToLiveDescription ttl) {
        return ttl != null
                && ClaimTable.TTL.equals(ttl.attributeName())
                && (ttl.timeToLiveStatus() == TimeToLiveStatus.ENABLED
                        || ttl.timeToLiveStatus() == TimeToLiveStatus.ENABLING);
    }

    private static String remedy(String name) {
        return "create it: aws dynamodb create-table --table-name " + name + " --attribute-definitions AttributeName="
                + ClaimTable.KEY + ",AttributeType=S --key-schema AttributeName=" + ClaimTable.KEY
                + ",KeyType=HASH --billing-mode PAY_PER_REQUEST";
    }
}
