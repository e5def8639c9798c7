package io.ecssteward.claim;

import io.ecssteward.alert.Sha256;
import io.ecssteward.failure.TransientFailureException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * The requests to the table of claims. Each change of a claim is a single conditional write. There is one item per
 * claim:
 *
 * <pre>
 * {"key": "redeploy/prod/web", "owner": "2f1c...", "state": "lease",
 *  "ends": 1795176030000, "recordEnds": 1795176120000, "ttl": 1795179720}
 * </pre>
 *
 * {@code ends} is when the lease, or later the record, expires: in milliseconds since the epoch, and compared with this
 * process's clock, because DynamoDB deletes items up to days after their TTL. {@code ttl} is in seconds, as DynamoDB
 * requires. The text of a record is its {@code note}.
 *
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html">How TTL works</a>
 */
final class ClaimTable {

    static final String KEY = "key";
    static final String TTL = "ttl";

    private static final String OWNER = "owner";
    private static final String STATE = "state";
    static final String ENDS = "ends";
    private static final String RECORD_ENDS = "recordEnds";
    static final String NOTE = "note";

    private static final AttributeValue LEASE = string("lease");
    static final AttributeValue RECORD = string("record");

    private static final String OWN_LEASE = "#owner = :owner AND #state = :lease";

    /** Added to the TTL, so that DynamoDB deletes no item early if clocks differ. */
    private static final Duration KEPT_LONGER = Duration.ofHours(1);

    /**
     * The longest key, in bytes. Keys contain text from events; DynamoDB accepts 2,048 bytes.
     *
     * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html">Quotas in
     *     DynamoDB</a>
     */
    private static final int MAX_BYTES = 1_024;

    private final DynamoDbClient client;
    private final String name;
    private volatile Set<ClaimListener> listeners = Set.of();

    ClaimTable(DynamoDbClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /** Sets the listeners that are called for failed requests. */
    void report(Set<ClaimListener> listeners) {
        this.listeners = listeners;
    }

    /** The documents in the same table. */
    DocumentTable documents() {
        return new DocumentTable(client, name, this);
    }

    /** The existing lease or record that a claim's conditional write found. */
    record Holder(String owner, boolean done) {}

    /** Takes the lease, unless there is a lease or record that has not expired; then returns that. */
    Optional<Holder> claim(String key, String owner, Instant now, Instant leaseEnds, Instant recordEnds) {
        return ask("claiming " + key, () -> {
            try {
                client.putItem(r -> r.tableName(name)
                        .item(item(key, owner, LEASE, leaseEnds, recordEnds))
                        .conditionExpression("attribute_not_exists(#key) OR #ends <= :now")
                        .expressionAttributeNames(names(KEY, ENDS))
                        .expressionAttributeValues(Map.of(":now", millis(now)))
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
                return Optional.empty();
            } catch (ConditionalCheckFailedException e) {
                AttributeValue holder = e.item().get(OWNER);
                return Optional.of(new Holder(
                        holder == null ? "" : holder.s(), RECORD.equals(e.item().get(STATE))));
            }
        });
    }

    /**
     * Turns the owner's lease into a record; false if it is no longer the owner's.
     *
     * @param ends when the record ends; null for the time that the claim set
     */
    boolean confirm(String key, String owner, Instant ends) {
        Map<String, AttributeValue> values = new HashMap<>(Map.of(":owner", string(owner), ":record", RECORD));
        if (ends != null) {
            values.put(":ends", millis(ends));
            values.put(":ttl", ttl(ends, ends));
        }
        return ask(
                "recording " + key,
                () -> met(() -> client.updateItem(r -> r.tableName(name)
                        .key(key(key))
                        .updateExpression("SET #state = :record, #ends = "
                                + (ends == null ? "#recordEnds" : ":ends, #ttl = :ttl"))
                        // In any state: if the response to a first attempt was lost, it already is a record.
                        .conditionExpression("#owner = :owner")
                        .expressionAttributeNames(
                                ends == null ? names(OWNER, STATE, ENDS, RECORD_ENDS) : names(OWNER, STATE, ENDS, TTL))
                        .expressionAttributeValues(values))));
    }

    /** Extends the owner's lease; false if it is no longer the owner's. */
    boolean renew(String key, String owner, Instant leaseEnds, Instant recordEnds) {
        return ask(
                "renewing " + key,
                () -> met(() -> client.updateItem(r -> r.tableName(name)
                        .key(key(key))
                        .updateExpression("SET #ends = :ends, #ttl = :ttl")
                        .conditionExpression(OWN_LEASE)
                        .expressionAttributeNames(names(OWNER, STATE, ENDS, TTL))
                        .expressionAttributeValues(Map.of(
                                ":owner", string(owner),
                                ":lease", LEASE,
                                ":ends", millis(leaseEnds),
                                ":ttl", ttl(leaseEnds, recordEnds))))));
    }

    /** Releases the owner's lease; does nothing if it is no longer the owner's. */
    void release(String key, String owner) {
        ask(
                "releasing " + key,
                () -> met(() -> client.deleteItem(r -> r.tableName(name)
                        .key(key(key))
                        .conditionExpression(OWN_LEASE)
                        .expressionAttributeNames(names(OWNER, STATE))
                        .expressionAttributeValues(Map.of(":owner", string(owner), ":lease", LEASE)))));
    }

    /** Deletes a record, if there is one. */
    void forget(String key) {
        ask(
                "forgetting " + key,
                () -> met(() -> client.deleteItem(r -> r.tableName(name)
                        .key(key(key))
                        .conditionExpression("#state = :record")
                        .expressionAttributeNames(names(STATE))
                        .expressionAttributeValues(Map.of(":record", RECORD)))));
    }

    /**
     * Writes a record, and replaces any item with this key.
     *
     * @param note its text; null for none
     */
    void record(String key, Instant recordEnds, String note) {
        Map<String, AttributeValue> item = item(key, "nobody", RECORD, recordEnds, recordEnds);
        if (note != null) {
            item.put(NOTE, string(note));
        }
        ask("recording " + key, () -> client.putItem(r -> r.tableName(name).item(item)));
    }

    boolean recorded(String key, Instant now) {
        return !recordOf(key, now).isEmpty();
    }

    /** The text of the record; null if there is no record, or if it has no text. */
    String noted(String key, Instant now) {
        AttributeValue note = recordOf(key, now).get(NOTE);
        return note == null ? null : note.s();
    }

    Map<String, AttributeValue> item(String doing, String key) {
        return ask(
                        doing,
                        () -> client.getItem(
                                r -> r.tableName(name).key(key(key)).consistentRead(true)))
                .item();
    }

    /** The record that has not expired; empty when there is none. */
    private Map<String, AttributeValue> recordOf(String key, Instant now) {
        Map<String, AttributeValue> item = item("looking up " + key, key);
        boolean record =
                RECORD.equals(item.get(STATE)) && Long.parseLong(item.get(ENDS).n()) > now.toEpochMilli();
        return record ? item : Map.of();
    }

    <T> T ask(String doing, Supplier<T> call) {
        return during(doing, () -> {
            try {
                return call.get();
            } catch (SdkException e) {
                listeners.forEach(listener -> listener.failed(e));
                throw e;
            }
        });
    }

    static boolean met(Supplier<?> write) {
        try {
            write.get();
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /**
     * Calls DynamoDB. Every failure is transient, because none is the event's fault, not even a missing permission or
     * table: the event waits in the queue until the table is available. The exception has no cause, because Camel
     * chooses an {@code onException} by the innermost cause.
     */
    static <T> T during(String doing, Supplier<T> call) {
        try {
            return call.get();
        } catch (AwsServiceException e) {
            throw new TransientFailureException(doing + ": DynamoDB answered " + describe(e));
        } catch (SdkException e) {
            throw new TransientFailureException(doing + ": no answer from DynamoDB: " + e.getMessage());
        }
    }

    static String describe(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        String code = details == null || details.errorCode() == null ? "HTTP " + e.statusCode() : details.errorCode();
        return details == null || details.errorMessage() == null ? code : code + ": " + details.errorMessage();
    }

    static Map<String, AttributeValue> item(
            String key, String owner, AttributeValue state, Instant ends, Instant recordEnds) {
        Map<String, AttributeValue> item = new LinkedHashMap<>(key(key));
        item.put(OWNER, string(owner));
        item.put(STATE, state);
        item.put(ENDS, millis(ends));
        item.put(RECORD_ENDS, millis(recordEnds));
        item.put(TTL, ttl(ends, recordEnds));
        return item;
    }

    /** Placeholders for all attribute names, because several names are reserved words in DynamoDB. */
    static Map<String, String> names(String... names) {
        return Arrays.stream(names).collect(Collectors.toMap(n -> "#" + n, n -> n));
    }

    static Map<String, AttributeValue> key(String key) {
        return Map.of(KEY, string(fitting(key)));
    }

    /** The key, or its beginning and its digest if it is too long. */
    static String fitting(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && bytes.length <= MAX_BYTES) {
            return key;
        }
        // A char takes at most three bytes; half a surrogate pair at the end is harmless.
        return key.substring(0, Math.min(key.length(), 300)) + "~" + Sha256.of(key);
    }

    private static AttributeValue ttl(Instant ends, Instant recordEnds) {
        Instant last = ends.isAfter(recordEnds) ? ends : recordEnds;
        return AttributeValue.fromN(Long.toString(last.plus(KEPT_LONGER).getEpochSecond()));
    }

    static AttributeValue millis(Instant instant) {
        return AttributeValue.fromN(Long.toString(instant.toEpochMilli()));
    }

    static AttributeValue string(String text) {
        return AttributeValue.fromS(text);
    }
}
