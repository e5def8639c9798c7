package io.ecssteward.claim;

import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A look at the table of the claims from outside, for who asks before the steward starts.
 *
 * @param problem null when claims can be kept in the table, as far as can be seen
 * @param warnings what will matter later, or could not be asked
 */
public record TableLook(String problem, List<String> warnings) {

    /** Whether the table could be looked at. */
    public boolean asked() {
        return warnings.stream().noneMatch(warning -> warning.startsWith(TableCheck.CANNOT_LOOK));
    }

    /** Looks at the table with this name or ARN. */
    public static TableLook at(DynamoDbClient client, String name) {
        TableCheck check = TableCheck.of(client, name);
        return new TableLook(check.problem(), check.warnings());
    }
}
