package io.ecssteward.alert;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Decides by its name whether a value is a secret: {@code DB_PASSWORD}, {@code x-api-key}, {@code sessionToken}. Names
 * are split into words, so that camelCase, snake_case, kebab-case and upper case are treated alike.
 */
final class SecretNames {
    private SecretNames() {}

    /** Anywhere in the name, also inside a word: {@code PGPASSWORD}, {@code authtoken}. */
    private static final Pattern SECRET = Pattern.compile("passw|passwd|passphrase|passcode|pwd|secret|token|credential"
            + "|authorization|webhook|connectionstring|privatekey|apikey|accesskey|accountkey|signingkey|masterkey"
            + "|encryptionkey|routingkey|integrationkey|licensekey|sshkey|authkey|userdata|kubeconfig|dockercfg");

    /** Every such name contains one of these; a quick test before the name is split into words. */
    private static final Pattern HINT = Pattern.compile(
            "(?i)pass|pw|secret|token|cred|auth|hook|string|key|cookie|jwt|bearer|dsn|otp|user|kube|docker");

    /** Only as the last word: {@code dbPass}, {@code Set-Cookie}. */
    private static final Set<String> LAST =
            Set.of("pass", "pw", "auth", "auths", "cookie", "cookies", "jwt", "bearer", "dsn", "otp", "passkey");

    private static final Pattern PASSWORD = Pattern.compile("passw|passwd|passphrase|passcode|pwd");

    /** The last word of a name whose value only describes the secret: {@code secretArn}, {@code keyId}. */
    private static final Set<String> ABOUT = Set.of(
            "id",
            "ids",
            "arn",
            "arns",
            "name",
            "names",
            "type",
            "types",
            "count",
            "length",
            "size",
            "version",
            "versions",
            "policy",
            "status",
            "state",
            "enabled",
            "expiry",
            "expires",
            "expiration",
            "created",
            "updated",
            "date",
            "time",
            "at",
            "uri",
            "path",
            "file",
            "algorithm",
            "spec",
            "specs",
            "usage",
            "manager",
            "provider",
            "required",
            "ttl",
            "limit",
            "metadata",
            "rotation",
            "source",
            "age",
            "days",
            "hours",
            "minutes",
            "seconds",
            "origin",
            "purpose",
            "format",
            "lifetime",
            "validity",
            "issuer",
            "details",
            "pair",
            "pairs",
            "space",
            "schema");

    /** The words before {@code key} in names of identifiers, which are not secret: {@code objectKey}. */
    private static final Set<String> HARMLESS_KEYS = Set.of(
            "object",
            "s",
            "partition",
            "sort",
            "range",
            "hash",
            "primary",
            "foreign",
            "public",
            "routing",
            "tag",
            "bucket",
            "group",
            "cache",
            "idempotency",
            "dedup",
            "deduplication",
            "dimension",
            "manifest",
            "log",
            "report",
            "image",
            "artifact",
            "config",
            "configuration",
            "shard",
            "index",
            "issue",
            "project",
            "dedupe",
            "event",
            "message",
            "ordering",
            "record",
            "row",
            "alert",
            "metric",
            "context",
            "condition",
            "lookup",
            "unique",
            "composite",
            "file");

    private static final Set<String> ENVIRONMENTS =
            Set.of("environment", "environments", "env", "envs", "envvar", "envvars", "environmentvariables");

    private static final int MAX_KNOWN = 2_000;
    private static final Map<String, Boolean> KNOWN = new ConcurrentHashMap<>();

    /** Whether the value with this name is a secret. {@code key} alone is too common to count. */
    static boolean isSecret(String name) {
        Boolean known = KNOWN.get(name);
        if (known == null) {
            known = name.length() <= 200 && HINT.matcher(name).find() && secret(NameParts.of(name));
            if (KNOWN.size() < MAX_KNOWN) {
                KNOWN.put(name, known);
            }
        }
        return known;
    }

    private static boolean secret(List<String> words) {
        if (words.isEmpty()) {
            return false;
        }
        String joined = String.join("", words);
        String last = words.get(words.size() - 1);
        if (joined.contains("webhook")) {
            return !ABOUT.contains(last);
        }
        if (ABOUT.contains(last)) {
            return false;
        }
        if (SECRET.matcher(joined).find() || LAST.contains(last)) {
            return true;
        }
        int key = Math.max(words.lastIndexOf("key"), words.lastIndexOf("keys"));
        return key == words.size() - 1 ? key > 0 && !HARMLESS_KEYS.contains(words.get(key - 1)) : key > 0;
    }

    /** Whether it is a password, which may consist of digits only. */
    static boolean isPassword(String name) {
        List<String> words = NameParts.of(name);
        return PASSWORD.matcher(String.join("", words)).find()
                || !words.isEmpty() && words.get(words.size() - 1).equals("pass");
    }

    /** Whether an object or a list with this name holds environment variables, any of which may be a secret. */
    static boolean isEnvironment(String name) {
        return ENVIRONMENTS.contains(String.join("", NameParts.of(name)));
    }

    static boolean hasSeveralWords(String name) {
        return NameParts.of(name).size() > 1;
    }
}
