package io.ecssteward.alerting;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Field;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The names of AWS accounts, from the setting {@code steward.accounts}:
 *
 * <pre>
 * 111122223333=shop-prod, 444455556666=shop-dev
 * </pre>
 *
 * <p>An alert shows the name before the account id, and a {@linkplain ChannelRouting routing rule} accepts either.
 */
public final class AccountNames {

    /** No names. */
    public static final AccountNames NONE = new AccountNames("");

    private static final Pattern ENTRY = Pattern.compile("(\\d{12})\\s*=\\s*([^,=\\s][^,=]*)");

    private static final Pattern ACCOUNT = Pattern.compile("\\b\\d{12}\\b");

    private final Map<String, String> names = new LinkedHashMap<>();

    /**
     * Reads the setting.
     *
     * @throws IllegalArgumentException if an entry cannot be read; the message names it
     */
    public AccountNames(String setting) {
        Arrays.stream(setting.split(","))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .forEach(entry -> {
                    MatchResult read =
                            ENTRY.matcher(entry).results().findFirst().orElse(null);
                    if (read == null || !read.group().equals(entry)) {
                        throw new IllegalArgumentException("'" + entry + "' is not an account with a name");
                    }
                    names.put(read.group(1), read.group(2).strip());
                });
    }

    /** Whether the written text is this account's id or name. */
    boolean are(String account, String written) {
        return account != null && (written.equals(account) || written.equals(names.get(account)));
    }

    /** The alert with account names added to its account fields. */
    Alert in(Alert alert) {
        if (names.isEmpty() || alert.fields().stream().noneMatch(AccountNames::aboutAccounts)) {
            return alert;
        }
        Alert.Builder named = alert.change().noFields();
        for (Field field : alert.fields()) {
            named.field(field.name(), aboutAccounts(field) ? shown(field.value()) : field.value());
        }
        return named.build();
    }

    private static boolean aboutAccounts(Field field) {
        return field.name().startsWith("Account");
    }

    private String shown(String value) {
        return ACCOUNT.matcher(value).replaceAll(account -> {
            String name = names.get(account.group());
            return name == null
                    ? account.group()
                    : name.replaceAll("([\\\\$])", "\\\\$1") + " (" + account.group() + ")";
        });
    }
}
