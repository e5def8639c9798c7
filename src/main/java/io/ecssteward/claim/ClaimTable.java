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
 * The requests to the table of claims, each a single conditional write. One item a claim:
 *
 * <pre>
 * {"key": "redeploy/prod/web", "owner": "2f1c...", "state": "lease",
 *  "ends": 1795176030000, "recordEnds": 1795176120000, "ttl": 1795179720}
 * </pre>
 *
 * {@code ends} is when the lease, or later the record, expires: in milliseconds and compared with our own clock,
 * because DynamoDB deletes what its TTL has expired up to days late. {@code ttl} is in seconds, as DynamoDB wants it. A
 * record that says something has that as its {@code note}.
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

    /** Added to the TTL, so that DynamoDB deletes nothing early if two clocks differ. */
    private static final Duration KEPT_LONGER = Duration.ofHours(1);

    /**
     * Bytes of a key. Keys contain words of events; DynamoDB takes 2,048.
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

    /** Sets the listeners that are notified of failed requests. */
    void report(Set<ClaimListener> listeners) {
        this.listeners = listeners;
    }

    /** The documents in the same table. */
    DocumentTable documents() {
        return new DocumentTable(client, name, this);
    }

    /** What is in the way of a claim, as its own conditional write found it. */
    record Holder(String owner, boolean done) {}

    /** Takes the lease, unless a lease or record that has not expired is in the way. */
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
     * Makes a record of the owner's lease; false when it is not the owner's any more.
     *
     * @param ends when the record ends; null for what was said with the claim
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
                        // Whatever its state: when the answer to the first attempt was lost, it is a record already.
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

    /** Deletes a record; nothing happens when there is none. */
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
     * Makes a record, whatever was there before.
     *
     * @param note what it says; null when nothing
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

    /** What the record says; null when there is none, or none that says anything. */
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
     * Calls DynamoDB. Whatever goes wrong passes: the event is not to blame for it, not even for a missing permission
     * or table, so it is not given up but waits in the queue until the table is there again. The exception has no
     * cause, because Camel chooses an {@code onException} by the innermost one.
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

    /** Several of the names are reserved words of DynamoDB, so all of them are escaped. */
    static Map<String, String> names(String... names) {
        return Arrays.stream(names).collect(Collectors.toMap(n -> "#" + n, n -> n));
    }

    static Map<String, AttributeValue> key(String key) {
        return Map.of(KEY, string(fitting(key)));
    }

    /** The key, or when it is too long its beginning and its digest. */
    static String fitting(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && bytes.length <= MAX_BYTES) {
            return key;
        }
        // A character is three bytes at most; half a surrogate pair at the end does no harm.
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
