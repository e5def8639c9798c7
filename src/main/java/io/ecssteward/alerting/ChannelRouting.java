package io.ecssteward.alerting;

import io.ecssteward.alert.Severity;
import io.ecssteward.event.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Routes alerts to Slack channels, by the setting {@code steward.slack.channels}: rules separated by commas. The first
 * match applies; without a match, an alert goes to the default channel.
 *
 * <pre>
 * service:prod/checkout=#checkout, cluster:staging=#staging, severity:critical=#oncall,
 * account:shop-prod/eu-west-1=#shop-eu, account:111122223333=#shop, region:us-east-1=#us
 * </pre>
 *
 * <p>An account is written as its twelve digits or its {@linkplain AccountNames name}.
 */
public final class ChannelRouting {

    private static final List<String> KINDS = List.of("severity", "cluster", "service", "account", "region");

    private record Rule(String kind, String value, String channel) {
        boolean fits(Severity severity, Event event, AccountNames accounts) {
            return switch (kind) {
                case "severity" -> severity.name().equalsIgnoreCase(value);
                case "cluster" -> value.equals(event.cluster());
                case "region" -> value.equals(event.region());
                case "account" -> {
                    int slash = value.lastIndexOf('/');
                    yield accounts.are(event.account(), value)
                            || slash > 0
                                    && accounts.are(event.account(), value.substring(0, slash))
                                    && value.substring(slash + 1).equals(event.region());
                }
                default -> value.equals(event.service()) || value.equals(event.cluster() + "/" + event.service());
            };
        }
    }

    private final String byDefault;
    private final List<Rule> rules;
    private final AccountNames accounts;

    /**
     * Reads the rules.
     *
     * @param byDefault the channel for alerts that match no rule; may be null
     * @param rules the rules in the format of the setting; may be empty
     * @throws IllegalArgumentException if a rule cannot be read; the message names it and shows an example
     */
    public ChannelRouting(String byDefault, String rules) {
        this(byDefault, rules, AccountNames.NONE);
    }

    /** The same, with names of accounts for rules and alerts. */
    public ChannelRouting(String byDefault, String rules, AccountNames accounts) {
        this.byDefault = byDefault;
        this.accounts = accounts;
        List<Rule> read = new ArrayList<>();
        Arrays.stream(rules.split(","))
                .map(String::strip)
                .filter(r -> !r.isEmpty())
                .forEach(r -> read.add(rule(r)));
        this.rules = List.copyOf(read);
    }

    private static Rule rule(String written) {
        int colon = written.indexOf(':');
        int equals = written.indexOf('=', Math.max(colon, 0));
        String kind = colon < 0 ? "" : written.substring(0, colon).strip();
        String value = equals < 0 || colon < 0
                ? ""
                : written.substring(colon + 1, equals).strip();
        String channel = equals < 0 ? "" : written.substring(equals + 1).strip();
        if (!KINDS.contains(kind) || value.isEmpty() || channel.isEmpty()) {
            throw new IllegalArgumentException("'" + written + "' is not a rule; write severity:critical=#oncall, "
                    + "cluster:prod=#prod, service:prod/web=#web, account:111122223333=#shop or region:eu-west-1=#eu");
        }
        if (kind.equals("severity")
                && Arrays.stream(Severity.values()).noneMatch(s -> s.name().equalsIgnoreCase(value))) {
            throw new IllegalArgumentException("'" + written + "' names no severity; there are "
                    + Arrays.toString(Severity.values()).toLowerCase(Locale.ROOT));
        }
        return new Rule(kind, value, channel);
    }

    /** The channel for an alert of this severity about an event; null when no rule matches and there is no default. */
    public String of(Severity severity, Event event) {
        return rules.stream()
                .filter(r -> r.fits(severity, event, accounts))
                .findFirst()
                .map(Rule::channel)
                .orElse(byDefault);
    }

    /** The names of accounts in alerts. */
    AccountNames accounts() {
        return accounts;
    }

    /** Every channel that a rule names, and the default channel if there is one. */
    public List<String> all() {
        List<String> all = new ArrayList<>(rules.stream().map(Rule::channel).toList());
        if (byDefault != null) {
            all.add(byDefault);
        }
        return all.stream().distinct().toList();
    }
}
