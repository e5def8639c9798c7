package io.ecssteward.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is masked, and what stays readable. The word SESAME stands in every secret. */
class RedactorTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DB_PASSWORD",
                "dbPassword",
                "db-password",
                "PGPASSWORD",
                "passwd",
                "PWD",
                "mysql_pwd",
                "passphrase",
                "secret",
                "clientSecret",
                "SECRET_KEY",
                "aws_secret_access_key",
                "SecretAccessKey",
                "SessionToken",
                "x-amz-security-token",
                "token",
                "GITHUB_TOKEN",
                "authtoken",
                "apiKey",
                "API-KEY",
                "apikey",
                "x-api-key",
                "signingKey",
                "SSH_KEY",
                "Authorization",
                "Proxy-Authorization",
                "auth",
                "Cookie",
                "Set-Cookie",
                "credential",
                "dbCredentials",
                "SLACK_WEBHOOK_URL",
                "webhook",
                "SENTRY_DSN",
                "connectionString",
                "dbPass",
                "jwt",
                "secretString",
                "API_KEY_PROD",
                "TOKEN_2",
                "userData",
                "privateKey"
            })
    void theValueOfSuchANameIsMasked(String name) {
        assertThat(Redactor.json(json("{\"a\": [{\"%s\": \"SESAME\"}]}".formatted(name)))
                        .toString())
                .doesNotContain("SESAME");
        assertThat(Redactor.json(json("{\"Name\": \"%s\", \"Value\": \"SESAME\"}".formatted(name)))
                        .toString())
                .contains(name)
                .doesNotContain("SESAME");
        assertThat(Redactor.text("starting with " + name + "=SESAME now"))
                .doesNotContain("SESAME")
                .endsWith(" now");
        assertThat(Redactor.text("it said {\"" + name + "\": \"SESAME\"}, and ended"))
                .doesNotContain("SESAME");
        assertThat(Redactor.text("{\"a\":\"{\\\"" + name + "\\\":\\\"SESAME\\\""))
                .doesNotContain("SESAME");
        assertThat(Redactor.value(name, "SESAME")).isEqualTo("***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secretArn", "secretName", "SecretId", "tokenType", "passwordPolicy", "keyId", "KeyName", "accessKeyId",
                        "kmsKeyArn",
                "objectKey", "s3Key", "partitionKey", "publicKey", "keyspace", "monkey", "author", "authority",
                        "tokenExpiration",
                "bypass", "passed", "compass", "keyword", "cluster", "environmentName", "assignee"
            })
    void theValueOfSuchANameIsReadable(String name) {
        String text = "{\"%s\":\"plain\"}".formatted(name);
        assertThat(Redactor.json(json(text))).hasToString(text);
        assertThat(Redactor.text(name + "=plain")).isEqualTo(name + "=plain");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"environment\":[{\"name\":\"STAGE\",\"value\":\"SESAME\"}]} | {\"environment\":[{\"name\":\"STAGE\",\"value\":\"***\"}]}",
                "{\"environment\":{\"STAGE\":\"SESAME\",\"n\":1}} | {\"environment\":{\"STAGE\":\"***\",\"n\":\"***\"}}",
                "{\"env\":[\"STAGE=SESAME\",\"A=b=SESAME\"]} | {\"env\":[\"STAGE=***\",\"A=***\"]}",
                "{\"environment\":\"prod\"} | {\"environment\":\"prod\"}",
                "{\"envVars\":\"A=SESAME;B=SESAME\"} | {\"envVars\":\"***\"}",
                "{\"m\":\"{\\\"n\\\":1.00000000000000000001,\\\"pwd\\\":\\\"SESAME\\\"}\"}"
                        + " | {\"m\":\"{\\\"n\\\":1.00000000000000000001,\\\"pwd\\\":\\\"***\\\"}\"}",
                "{\"credentials\":{\"user\":{\"x\":[\"SESAME\"]}}} | {\"credentials\":{\"user\":{\"x\":[\"***\"]}}}",
                "{\"tags\":[{\"Key\":\"password\",\"Value\":\"SESAME\"},{\"Key\":\"team\",\"Value\":\"shop\"}]} "
                        + "| {\"tags\":[{\"Key\":\"password\",\"Value\":\"***\"},{\"Key\":\"team\",\"Value\":\"shop\"}]}",
                "{\"object\":{\"key\":\"orders20261120\",\"etag\":\"x\"}} | {\"object\":{\"key\":\"orders20261120\",\"etag\":\"x\"}}",
                "{\"bucketName\":\"b\",\"key\":\"orders20261120\"} | {\"bucketName\":\"b\",\"key\":\"orders20261120\"}",
                "{\"key\":\"SESAME-4711\"} | {\"key\":\"***\"}",
                "{\"key\":\"SHOP-12\"} | {\"key\":\"SHOP-12\"}",
                "{\"headers\":[[\"Authorization\",\"SESAME\"],[\"Accept\",\"*/*\"]]} "
                        + "| {\"headers\":[[\"Authorization\",\"***\"],[\"Accept\",\"*/*\"]]}",
                "{\"headers\":[\"Authorization: Basic SESAME==\"]} | {\"headers\":[\"Authorization: ***\"]}",
                "{\"command\":[\"app\",\"--password\",\"SESAME\",\"--port\",\"80\",\"--token=SESAME\"]} "
                        + "| {\"command\":[\"app\",\"--password\",\"***\",\"--port\",\"80\",\"--token=***\"]}",
                "{\"secrets\":[{\"name\":\"DB\",\"valueFrom\":\"arn:aws:secretsmanager:eu-west-1:111122223333:secret:db\"}]} "
                        + "| {\"secrets\":[{\"name\":\"DB\",\"valueFrom\":\"arn:aws:secretsmanager:eu-west-1:111122223333:secret:db\"}]}",
                "{\"maxTokens\":4096,\"password\":4711,\"tokenOk\":true} | {\"maxTokens\":4096,\"password\":\"***\",\"tokenOk\":true}",
                "{\"message\":\"{\\\"a\\\":{\\\"password\\\":\\\"SESAME\\\"}}\"} | {\"message\":\"{\\\"a\\\":{\\\"password\\\":\\\"***\\\"}}\"}"
            })
    void jsonIsMaskedByNames(String given, String expected) {
        assertThat(Redactor.json(json(given))).hasToString(expected);
        assertThat(Redactor.json(json(expected))).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "key AKIAIOSFODNN7EXAMPLE and ASIAIOSFODNN7EXAMPLE. | key *** and ***.",
                "secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY here | secret *** here",
                "posting to https://hooks.slack.com/services/T00/B00/SESAME failed | posting to https://hooks.slack.com/services/*** failed",
                "https://hooks.slack.com/triggers/T00/1/SESAME | https://hooks.slack.com/triggers/***",
                "xoxb-1234567890-SESAME, xapp-1-A0-SESAME | ***, ***",
                "a eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.SESAME b | a *** b",
                "postgres://app:SESAME@db.prod:5432/shop | postgres://***@db.prod:5432/shop",
                "connecting to postgres://app:SESAME | connecting to postgres://***",
                "got AKIASESAME12 | got ***",
                "sent Authorization: Bearer SESAME1 | sent Authorization: ***",
                "redis://:SES:AME@cache:6379 | redis://***@cache:6379",
                "https://b.s3.amazonaws.com/x?X-Amz-Date=1&X-Amz-Signature=SESAME&y=2 "
                        + "| https://b.s3.amazonaws.com/x?X-Amz-Date=1&X-Amz-Signature=***&y=2",
                "https://x.blob.core.windows.net/c?sv=1&sig=SESAME | https://x.blob.core.windows.net/c?sv=1&sig=***",
                "https://maps/api?key=SESAME&q=a | https://maps/api?key=***&q=a",
                "Server=db;User Id=app;Password=SESAME,1;Timeout=5 | Server=db;User Id=app;Password=***;Timeout=5",
                "run --db-password SESAME --port 80 | run --db-password *** --port 80",
                "run --password='SES AME' -v | run --password='***' -v",
                "curl -u app:SESAME https://x | curl -u app:*** https://x",
                "mysql -h db -pSESAME shop | mysql -h db -p*** shop",
                "Authorization: Bearer SESAME.x-y | Authorization: ***",
                "got Bearer SESAMESESAME back | got Bearer *** back",
                "{DB_PASSWORD=SESAME, STAGE=prod} | {DB_PASSWORD=***, STAGE=prod}",
                "got environment={STAGE=SESAME, B=[x]} back | got environment={***} back",
                "{\"a\": [{\"environment\": [{\"name\": \"STAGE\", \"value\": \"SESAME | {\"a\":[{\"environment\":[{\"name\":\"STAGE\",\"value\":\"***",
                "[\"Token\",\"SESAME | [\"Token\",\"***",
                "{\"a\":[\"x\",\"[ \\\"Token\\\", \\\"SESAME\\\" ]\",\"y\"] | {\"a\":[\"x\",\"[\\\"Token\\\",\\\"***\\\"]\",\"y\"]",
                "{\"command\":[\"app\",\"--token\",\"SESAME\",\"a\\ | {\"command\":[\"app\",\"--token\",\"***\",\"a\\",
                "{\"token\":[\"SESAME\",\"b\",} | {\"token\":[\"***\",\"***\",}",
                "{\"a\":{\"apiKey\":{\"x\":\"SESAME\\u00 | {\"a\":{\"apiKey\":{\"x\":\"***\\u00",
                "env: prod, env=[prod] | env: prod, env=[***]",
                "password: SESAME | password: ***",
                "login with password 'SESAME' failed | login with password '***' failed",
                "CREATE USER a IDENTIFIED BY 'SESAME' | CREATE USER a IDENTIFIED BY '***'",
                "<a><dbPassword>SESAME</dbPassword></a> | <a><dbPassword>***</dbPassword></a>",
                "api_key: SESAME | api_key: ***",
                "AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY | ***:***",
                "jdbc:oracle:thin:scott/SESAME@db:1521 | jdbc:oracle:thin:scott/***@db:1521",
                "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpTRVNBTUU= | ***",
                "redis-cli -h cache -a SESAME ping | redis-cli -h cache -a *** ping",
                "docker login -u me -p SESAME host | docker login -u me -p *** host",
                "aws configure set aws_secret_access_key SESAMESESAMESESAME | aws configure set aws_secret_access_key ***",
                "a eyJhbGciOiJkaXIifQ..SESAME.SESAME.x b | a *** b",
                "SG.SESAMESESAMESESAME.SESAMESESAMESESAME sent | *** sent",
                "https://x.webhook.office.com/webhookb2/SESAME-SESAME-SESAME/a | https://x.webhook.office.com/webhookb2/***"
            })
    void textIsMaskedByLooks(String given, String expected) {
        assertThat(Redactor.text(given)).isEqualTo(expected);
        assertThat(Redactor.text(expected)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"environmentVariables\":[\"STAGE=SESAME",
                "{\"name\":\"access-key\",\"value\":\"SESAME",
                "{\"password\":[\"a\",\"SESAME\"]}",
                "[\"--password\",\"SESAME"
            })
    void aSecretIsMaskedHoweverOftenItIsEscapedAndWhereItIsCut(String json) {
        String escaped = json;
        for (int times = 0; times <= 12; times++) {
            assertThat(Redactor.text(escaped)).as("escaped %d times", times).doesNotContain("SESAME");
            assertThat(Redactor.text("got \"" + escaped + "\" and " + escaped))
                    .as("in a text, escaped %d times", times)
                    .doesNotContain("SESAME");
            escaped = escaped.replace("\\", "\\\\").replace("\"", "\\\"");
        }
    }

    @Test
    void whatIsNestedTooDeepIsMaskedAsAWhole() {
        String deep = "SESAME password";
        for (int strings = 0; strings < 10; strings++) {
            deep = "[".repeat(490) + new TextNode(deep) + "]".repeat(490);
        }
        assertThat(Redactor.text(deep)).contains("[\"").contains("***").doesNotContain("SESAME");
        assertThat(Redactor.text("{\"a\":".repeat(600) + "{\"password\":[\"SESAME\"]}"))
                .isEqualTo("***");
    }

    @Test
    void whatHasTooManyBeginningsIsMaskedFromThereOn() {
        String pairs = "{\"name\":\"pin\",\"value\":1} ";
        String shown = Redactor.text(pairs.repeat(1_500) + "{\"password\":[\"SESAME\"]}");
        assertThat(shown).startsWith(pairs).endsWith("***").doesNotContain("SESAME");
    }

    @Test
    void aPrivateKeyIsMaskedAlsoWhenItsEndIsMissing() {
        String pem = "-----BEGIN RSA PRIVATE KEY-----\nSESAME\nSESAME\n";
        assertThat(Redactor.text("a " + pem + "-----END RSA PRIVATE KEY----- b"))
                .isEqualTo("a -----BEGIN RSA PRIVATE KEY-----*** b");
        assertThat(Redactor.text("a " + pem)).isEqualTo("a -----BEGIN RSA PRIVATE KEY-----***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf:password::",
                "arn:aws:ecs:eu-west-1:111122223333:task/prod/8e59995608f14e0e7a13a234d71827ac",
                "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/ProdWebPublic1/50dc6c495c0c9188",
                "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/web@sha256:9b8a7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b",
                "commit 3f786850e387550fdab836ed7e6dc881de23001b by author: ann",
                "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to "
                        + "retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret "
                        + "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db from secrets manager: AccessDeniedException: no",
                "request id: 8e599956-08f1-4e0e-7a13-a234d71827ac, status code: 403, token expired",
                "An error occurred (InvalidToken): The security token included in the request is invalid",
                "https://eu-west-1.console.aws.amazon.com/s3/object/b?region=eu-west-1&prefix=a%2Fb",
                "s3://bucket/key/secret/file.txt",
                "mailto:ann@example.com",
                "no answer from http://cache.internal:6379",
                "a token of http://cache:80",
                "it has no bearer token",
                "ann@example.com has no password",
                "maxTokens=4096 key_count=5",
                "reset your password at https://example.com/password",
                "AROAIOSFODNN7EXAMPLE:session"
            })
    void whatOnlyNamesSomethingStaysReadable(String text) {
        assertThat(Redactor.text(text)).isSameAs(text);
    }

    @Test
    void nothingTakesLong() {
        ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
        String mebibyte = "x".repeat(1 << 20);
        List<String> bombs = List.of(
                mebibyte,
                "password=".repeat(100_000),
                "\"password\":\"".repeat(80_000),
                "?key=\"".repeat(150_000),
                "{\"".repeat(500_000),
                "[".repeat(1 << 20),
                "{\"a\":".repeat(200_000),
                "://a".repeat(250_000),
                "-----BEGIN PRIVATE KEY-----".repeat(30_000),
                "-----BEGIN PRIVATE KEY-----***".repeat(30_000),
                "https://x/hooks/".repeat(60_000),
                "a_".repeat(500_000),
                "token: ".repeat(140_000),
                "mysql ".repeat(170_000),
                "'\\\"\\\\".repeat(200_000),
                "aA1/".repeat(250_000),
                "\\".repeat(1 << 20),
                "[\\\"".repeat(300_000),
                "[\"\\\"".repeat(200_000),
                "{ ".repeat(500_000),
                "[\"a\nb".repeat(200_000),
                "password:[\\\"".repeat(80_000),
                "https://u:".repeat(100_000));
        for (String bomb : bombs) {
            long start = cpu.getCurrentThreadCpuTime();
            Redactor.text(bomb + " password");
            assertThat(Duration.ofNanos(cpu.getCurrentThreadCpuTime() - start))
                    .as(bomb.substring(0, 20))
                    .isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void noPartOfAnAlertHasASecret() {
        Alert alert = Alert.about("key/xoxb-1234567890-SESAME")
                .occurrence("password=SESAME")
                .title("password=SESAME")
                .text("failed: token=SESAME")
                .field("DB_PASSWORD", "SESAME")
                .field("Cause", "https://a:SESAME@b")
                .link("Log", "https://b/x?X-Amz-Signature=SESAME")
                .slackPayload(json("{\"text\": \"password=SESAME\"}"))
                .build();
        assertThat(alert.toString()).doesNotContain("SESAME").contains("DB_PASSWORD");
    }

    @Test
    void aTextIsMaskedBeforeItIsCut() {
        String within = "{\"message\":\"{\\\"env\\\":{\\\"A\\\":\\\"SESAME\\\"}}\"";
        String text = within + ",\"more\":\"" + "x".repeat(500) + "\"}";
        for (int max = 1; max < 120; max++) {
            assertThat(Redactor.beginning(text, max)).doesNotContain("SESAME").hasSizeLessThanOrEqualTo(max);
        }
        assertThat(Redactor.beginning("connecting to postgres://app:SESAME@db.internal", 35))
                .isEqualTo("connecting to postgres://***@db.int");
        assertThat(Redactor.beginning("ab\uD83D\uDE00", 3)).isEqualTo("ab");
    }
}
