package io.ecssteward.runtime;

import io.ecssteward.check.ConnectivityCheck;
import io.ecssteward.check.RouteCheck;
import io.ecssteward.check.SettingsCheck;
import io.ecssteward.incident.SilenceFile;
import io.ecssteward.problem.Problem;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that can be checked about a configuration without running it.
 *
 * @param settings the problems of settings
 * @param files the problems and warnings of route files and planned silences, with the warnings about settings
 * @param online the answers of AWS and Slack; empty if they were not called
 */
public record ConfigurationCheck(List<String> settings, RouteCheck files, List<ConnectivityCheck.Answer> online) {

    /**
     * Checks the settings and the files that they name.
     *
     * @param online whether to call AWS and Slack, which needs valid settings
     */
    public static ConfigurationCheck of(Settings settings, boolean online) throws IOException {
        // Without --online, the routes can be checked before there is a queue or a webhook.
        List<String> wrong = SettingsCheck.settingsProblems(settings, online, true);
        if (online) {
            AwsClients.regionProblem().ifPresent(wrong::add);
        }
        return new ConfigurationCheck(wrong, files(settings), online ? ask(settings, wrong.isEmpty()) : List.of());
    }

    private static RouteCheck files(Settings settings) throws IOException {
        RouteCheck routes = RouteBuild.checkInParallel(settings);
        SilenceFile silences = SilenceFile.read(
                settings.problem(Settings.SILENCES).isEmpty() ? settings.get(Settings.SILENCES) : "", Instant.now());
        List<Problem> problems = new ArrayList<>(routes.problems());
        problems.addAll(silences.problems());
        List<Problem> warnings = new ArrayList<>();
        SettingsCheck.warnings(settings).forEach(warning -> warnings.add(new Problem("settings", 0, 0, warning)));
        warnings.addAll(routes.warnings());
        warnings.addAll(silences.warnings());
        return new RouteCheck(problems, warnings);
    }

    private static List<ConnectivityCheck.Answer> ask(Settings settings, boolean valid) {
        if (!valid) {
            return List.of(new ConnectivityCheck.Answer("AWS and Slack", false, "not checked; fix the settings first"));
        }
        try (AwsClients clients = AwsClients.create(1, settings.claimsTable() != null)) {
            return ConnectivityCheck.ask(settings, clients.sqs(), clients.dynamo(), clients.ecs());
        }
    }

    /** The number of problems, without warnings. */
    public long problems() {
        return settings.size()
                + files.problems().size()
                + online.stream().filter(answer -> !answer.well()).count();
    }
}
