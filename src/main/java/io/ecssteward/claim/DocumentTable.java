package io.ecssteward.claim;

import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/**
 * The requests for documents, in the table of claims: a document is a record with a {@code version}, which each write
 * of it names.
 */
final class DocumentTable {

    private static final String VERSION = "version";

    private final DynamoDbClient client;
    private final String name;
    private final ClaimTable claims;

    DocumentTable(DynamoDbClient client, String name, ClaimTable claims) {
        this.client = client;
        this.name = name;
        this.claims = claims;
    }

    /** The document with this key; {@code NONE} if there is none, or if it has expired. */
    DocumentStore.Document read(String key, Instant now) {
        Map<String, AttributeValue> item = claims.item("reading " + key, key);
        boolean there = item.containsKey(VERSION)
                && Long.parseLong(item.get(ClaimTable.ENDS).n()) > now.toEpochMilli();
        return there ? document(item) : DocumentStore.Document.NONE;
    }

    /**
     * Replaces this version of a document; version 0 means no document or an expired one. False if another writer was
     * first.
     */
    boolean write(String key, String text, long version, Instant now, Instant ends) {
        Map<String, AttributeValue> item = ClaimTable.item(key, "nobody", ClaimTable.RECORD, ends, ends);
        item.put(ClaimTable.NOTE, ClaimTable.string(text));
        // Never reuses the version of an expired document.
        item.put(VERSION, AttributeValue.fromN(Long.toString(Math.max(version + 1, now.toEpochMilli()))));
        return claims.ask(
                "writing " + key,
                () -> ClaimTable.met(
                        () -> client.putItem(r -> conditional(r.tableName(name).item(item), version, now))));
    }

    private static PutItemRequest.Builder conditional(PutItemRequest.Builder put, long version, Instant now) {
        return version == 0
                ? put.conditionExpression("attribute_not_exists(#key) OR #ends <= :now")
                        .expressionAttributeNames(ClaimTable.names(ClaimTable.KEY, ClaimTable.ENDS))
                        .expressionAttributeValues(Map.of(":now", ClaimTable.millis(now)))
                : put.conditionExpression("#version = :version")
                        .expressionAttributeNames(ClaimTable.names(VERSION))
                        .expressionAttributeValues(Map.of(":version", AttributeValue.fromN(Long.toString(version))));
    }

    /** Deletes this version of a document; false if there is another version. */
    boolean delete(String key, long version) {
        return claims.ask(
                "deleting " + key,
                () -> ClaimTable.met(() -> client.deleteItem(r -> r.tableName(name)
                        .key(ClaimTable.key(key))
                        .conditionExpression("attribute_not_exists(#key) OR #version = :version")
                        .expressionAttributeNames(ClaimTable.names(ClaimTable.KEY, VERSION))
                        .expressionAttributeValues(Map.of(":version", AttributeValue.fromN(Long.toString(version)))))));
    }

    /** The documents with this key prefix that have not expired. */
    Map<String, DocumentStore.Document> list(String prefix, Instant now) {
        return claims.ask(
                "listing " + prefix,
                () -> client
                        .scanPaginator(r -> r.tableName(name)
                                .consistentRead(true)
                                .filterExpression(
                                        "begins_with(#key, :prefix) AND attribute_exists(#version) AND #ends > :now")
                                .expressionAttributeNames(ClaimTable.names(ClaimTable.KEY, VERSION, ClaimTable.ENDS))
                                .expressionAttributeValues(
                                        Map.of(":prefix", ClaimTable.string(prefix), ":now", ClaimTable.millis(now))))
                        .items()
                        .stream()
                        .collect(Collectors.toMap(
                                item -> item.get(ClaimTable.KEY).s(), DocumentTable::document)));
    }

    private static DocumentStore.Document document(Map<String, AttributeValue> item) {
        return new DocumentStore.Document(
                item.get(ClaimTable.NOTE).s(), Long.parseLong(item.get(VERSION).n()));
    }
}
