package io.ecssteward.cli;

import io.ecssteward.claim.DynamoClaimStore;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.incident.IncidentStore;
import io.ecssteward.incident.Silences;
import io.ecssteward.problem.Suggestion;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.runtime.AwsClients;
import io.ecssteward.settings.SecretStore;
import io.ecssteward.settings.Settings;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * A command about the incidents and silences in the running Steward's table. It runs with the caller's permissions:
 * {@code dynamodb:GetItem} and {@code PutItem}, and {@code Scan} to list resolved incidents and ended silences.
 */
abstract class StoreAccess extends CommandGroup {

    /** Not used: these commands make no claims. */
    private static final Duration NO_LEASE = Duration.ofMinutes(5);

    private static final String BEGINNING = " is the beginning of several: ";

    private Supplier<Settings> settings = () -> Settings.load(SecretStore.NONE);
    private Function<String, DynamoDbClient> clients = StoreAccess::client;
    private Clock clock = Clock.systemUTC();

    /** A command's work on the table; returns the exit code. */
    interface Work {
        int on(IncidentStore incidents, Silences silences, Instant now, PrintWriter out);
    }

    /** An id on the command line that does not exist or is ambiguous; the message is a sentence. */
    static final class NotFoundException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotFoundException(String message) {
            super(message);
        }
    }

    /** Uses these settings and clients instead of the environment's; for tests. */
    final void use(Settings settings, Function<String, DynamoDbClient> clients, Clock clock) {
        this.settings = () -> settings;
        this.clients = clients;
        this.clock = clock;
    }

    /** A client in the region of the table's ARN, or else in that of the SDK's default chain. */
    static DynamoDbClient client(String table) {
        // Otherwise the SDK's log lines would be mixed with the results; failures are reported anyway.
        ReplaySession.quiet();
        DynamoDbClientBuilder builder = DynamoDbClient.builder();
        if (table.startsWith("arn:")) {
            builder.region(Region.of(table.split(":")[3]));
        } else {
            AwsClients.regionProblem().ifPresent(problem -> {
                throw new IllegalArgumentException(problem);
            });
        }
        return AwsClients.dynamo(builder, 2);
    }

    /** Opens the table and does the work; if it cannot, prints why. */
    final int open(Work work) {
        PrintWriter err = err();
        Settings all = settings.get();
        String table = all.claimsTable();
        if (table == null) {
            err.println("incidents and silences are in the memory of the running process, where no command "
                    + "can see them; keep them in a DynamoDB table, and set " + Settings.CLAIMS.variable()
                    + " for both: dynamodb:ecs-steward");
            return Main.WRONG;
        }
        try (DynamoDbClient client = clients.apply(table)) {
            DynamoClaimStore documents = new DynamoClaimStore(client, table, NO_LEASE, clock);
            PrintWriter out = out();
            int code = work.on(
                    new IncidentStore(documents, clock),
                    new Silences(documents, clock, all.get(Settings.SILENCES)),
                    clock.instant(),
                    out);
            out.flush();
            return code;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            return Main.WRONG;
        } catch (NotFoundException | TransientFailureException e) {
            err.println(e.getMessage());
            return Main.FAILED;
        }
    }

    /** The id that the caller typed, in full or as a unique beginning. */
    static String named(String kind, String written, List<String> ids) {
        if (ids.contains(written)) {
            return written;
        }
        List<String> found = ids.stream().filter(id -> id.startsWith(written)).toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        throw new NotFoundException(
                found.isEmpty()
                        ? "there is no " + kind + " '" + written + "'" + Suggestion.remedy(written, ids)
                        : "'" + written + "'" + BEGINNING
                                + found.stream().limit(5).collect(Collectors.joining(", ")) + "; write more of it");
    }

    /** The name of the caller: from the option, or else the user's name. */
    static String caller(String as) {
        return as == null || as.isBlank() ? System.getProperty("user.name", "somebody") : as.strip();
    }

    /** A time without fractions of a second. */
    static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
