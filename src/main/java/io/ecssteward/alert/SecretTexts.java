package io.ecssteward.alert;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognizes secrets in text by their format, and by names before them.
 *
 * <p>Long because there are many formats of secrets.
 */
final class SecretTexts {
    private SecretTexts() {}

    /**
     * Every text that the patterns below match contains one of these hints, or another sign that
     * {@link #mayHaveSecrets} finds. So most texts are scanned only once. The search is handwritten, by the first two
     * letters, because a regular expression with so many words takes a hundred times as long, and every log line is
     * scanned.
     */
    private static final String[][] HINTS = byFirstLetters(
            "pass pwd secret token key auth cred cookie jwt dsn otp webhook hooks sig env bearer connectionstring"
                    + " userdata identified akia asia abia acca eyj xox xapp xwfp private fwog fqog iqoj aqod aqoe"
                    + " gho_ ghp_ ghs_ ghu_ ghr_ github_pat glpat sk_ sk- aiza hvs. hvb. npm_ mysql mariadb -u --user"
                    + " jdbc: redis-cli docker ls0tls1 sg. dckr_ pypi- dop_v1 shp");

    private static final int ASCII = 128;

    /**
     * A bit for each pair of letters that a hint begins with. Such pairs are rare, so for most of a text this is the
     * only check.
     */
    private static final long[] PAIRS = pairs();

    /** The length of a secret access key, in base64 characters. Some are upper case, unlike task ids in ARNs. */
    private static final int KEY_LENGTH = 40;

    /** The longest user and password in a URL, in characters. */
    private static final int USER_INFO = 300;

    private static String[][] byFirstLetters(String words) {
        String[][] hints = new String[ASCII * ASCII][];
        for (String word : words.split(" ")) {
            int pair = word.charAt(0) * ASCII + word.charAt(1);
            String[] others = hints[pair] == null ? new String[0] : hints[pair];
            hints[pair] = Arrays.copyOf(others, others.length + 1);
            hints[pair][others.length] = word;
        }
        return hints;
    }

    private static long[] pairs() {
        long[] pairs = new long[HINTS.length / Long.SIZE];
        for (int pair = 0; pair < HINTS.length; pair++) {
            pairs[pair / Long.SIZE] |= HINTS[pair] == null ? 0 : 1L << pair;
        }
        return pairs;
    }

    private record Looks(Pattern pattern, String shown) {
        static Looks of(String pattern, String shown) {
            return new Looks(Pattern.compile(pattern), shown);
        }
    }

    private static final List<Looks> LOOKS = List.of(
            // Without an END line, everything after it, unless that is already masked. The search for END stops at the
            // next BEGIN, because otherwise a thousand BEGIN lines would cause a thousand searches to the end.
            Looks.of(
                    "-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20})-----"
                            + "(?:(?:(?!-----BEGIN )[\\s\\S]){0,8000}?-----END \\1-----|(?!\\*{3})[\\s\\S]*)",
                    "-----BEGIN $1-----" + Redactor.MASK),
            // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and
            // https://slack.com/help/articles/360041352714 (workflow triggers)
            Looks.of("(?i)(hooks\\.slack(?:-gov)?\\.com(?:/|%2F)[a-z]+)(?:/|%2F)[\\w/%.-]+", "$1/" + Redactor.MASK),
            Looks.of(
                    "(?i)(https?://[^\\s\"'<>|/]{1,200}/(?:[\\w.-]{1,40}/){0,3}(?:webhooks?|webhookb2|hooks)/)[\\w@./-]{16,}",
                    "$1" + Redactor.MASK),
            // https://docs.slack.dev/authentication/tokens
            Looks.of("\\bx(?:ox[a-z]|app|wfp)(?:\\.xox[a-z])?-[\\w-]{6,}", Redactor.MASK),
            // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
            Looks.of(
                    "(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)(?:[A-Z0-9]{12,}(?![a-z])|[A-Z0-9]{4,}$(?!\\s))",
                    Redactor.MASK),
            Looks.of("(\\*\\*\\*[:,]\\s?)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])", "$1" + Redactor.MASK),
            // A key or certificate in PEM format, encoded in base64 again.
            Looks.of("\\bLS0tLS1CRUdJTi[A-Za-z0-9+/=]{20,}", Redactor.MASK),
            Looks.of("(?i)(\\bjdbc:oracle:\\w{1,10}:[^\\s/@:]{1,60}/)[^\\s@]{1,100}(?=@)", "$1" + Redactor.MASK),
            Looks.of("(\\bredis-cli\\b[^\\n|;]{0,100}?\\s-a\\s+)\\S+", "$1" + Redactor.MASK),
            Looks.of("(\\bdocker login\\b[^\\n|;]{0,100}?\\s-p\\s+)\\S+", "$1" + Redactor.MASK),
            Looks.of("(\\baws_(?:secret_access_key|session_token)\\s+)[^\\s*=:]\\S{15,}", "$1" + Redactor.MASK),
            // Known beginnings of STS session tokens; AWS documents no format.
            Looks.of("(?<![A-Za-z0-9])(?:FwoG|FQoG|IQoJ|AQo[DE])[A-Za-z0-9/+=%]{60,}", Redactor.MASK),
            Looks.of("\\beyJ[\\w-]{5,}\\.(?:\\.?[\\w-]{4,})(?:\\.[\\w-]*){0,3}", Redactor.MASK),
            Looks.of(
                    "\\b(?:gh[opsur]_\\w{20,}|github_pat_\\w{20,}|glpat-[\\w-]{16,}|sk_(?:live|test)_\\w{16,}"
                            + "|sk-[\\w-]{20,}|AIza[\\w-]{30,}|hv[sb]\\.[\\w-]{20,}|npm_\\w{30,}"
                            + "|SG\\.[\\w-]{16,}\\.[\\w-]{16,}|dckr_pat_[\\w-]{16,}|pypi-[\\w-]{30,}|dop_v1_\\w{30,}"
                            + "|shp(?:at|ss)_\\w{20,}|AGE-SECRET-KEY-\\w{20,})",
                    Redactor.MASK),
            Looks.of(
                    "(?i)\\b([a-z][a-z0-9+.-]{0,20}://)(?!\\*\\*\\*@)[^\\s/\"'<>|\\\\]{1,300}@",
                    "$1" + Redactor.MASK + "@"),
            // A URL that is truncated within its password. Digits are a port.
            Looks.of(
                    "(?i)\\b([a-z][a-z0-9+.-]{0,20}://)[^\\s/\"'<>|\\\\:@\\[]{1,100}:(?!\\d*$)[^\\s/\"'<>|\\\\@]{1,300}$(?!\\s)",
                    "$1" + Redactor.MASK),
            Looks.of(
                    "(?i)\\b(Bearer\\s+)(?:[A-Za-z0-9._~+/=-]{12,}|(?=\\D*\\d)[A-Za-z0-9._~+/=-]{4,}$(?!\\s))",
                    "$1" + Redactor.MASK),
            Looks.of("((?<![\\w-])(?:-u|--user)[\\s=]+[^\\s:/]{1,100}:)(?!\\d+\\b)[^\\s\"']+", "$1" + Redactor.MASK),
            Looks.of("(?i)(\\bIDENTIFIED (?:WITH \\w{1,40} )?BY ['\"])[^'\"]+", "$1" + Redactor.MASK),
            Looks.of(
                    "(?i)(<[\\w.:-]{0,40}(?:passw|pwd|secret|token|api-?key|credential)[\\w.-]{0,40}>)"
                            + "[^<>]{1,500}(?=</)",
                    "$1" + Redactor.MASK),
            Looks.of("(\\bsshpass\\s+-p\\s*)[^\\s*]\\S*", "$1" + Redactor.MASK),
            Looks.of("(\\b(?:mysql|mariadb)\\w*\\s[^\\n|;]{0,200}?\\s-p)[^\\s*]\\S*", "$1" + Redactor.MASK),
            Looks.of(
                    "(?i)([\"'](?:name|key|n)\\\\*+[\"']\\s*:\\s*"
                            + "\\\\*+[\"']([\\w.-]{1,80})\\\\*+[\"']\\s*,\\s*"
                            + "\\\\*+[\"']value\\\\*+[\"']\\s*:\\s*\\\\*+[\"'])[^\"'\\\\]*",
                    "$1" + Redactor.MASK));

    /** A secret access key without a name: 40 characters of base64, a format that is unusual for anything else. */
    private static final Pattern SECRET_ACCESS_KEY =
            Pattern.compile("(?<![A-Za-z0-9/+_:.=-])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+_:.=-])");

    /**
     * The minimum number of changes between kinds of characters in a random key; paths, and hexadecimal digits in one
     * case, have fewer.
     */
    private static final int CHANGES = 15;

    /** A name and the separator before its value. A name after a colon or a slash is part of an ARN or a path. */
    private static final Pattern NAME = Pattern.compile(
            "(?<![\\w.:/-])(-{0,2})([A-Za-z_][\\w.-]{1,80})(\\\\*+[\"']?\\s{0,5}(?:=>|:=|=|:)\\s{0,5}|\\s{1,5})");

    private static final Pattern QUOTE = Pattern.compile("\\\\*+[\"'`]");
    private static final Pattern SCHEME = Pattern.compile("(?i)(?:Bearer|Basic|Token|Digest|ApiKey)\\s+");
    private static final Pattern NEXT_PAIR = Pattern.compile("[\\w.-]{1,80}=");
    private static final Set<String> NO_SECRETS =
            Set.of("true", "false", "null", "none", "undefined", "", Redactor.MASK);

    static boolean mayHaveSecrets(String text) {
        if (text.length() <= 5) {
            return false;
        }
        int run = 0;
        boolean upper = false;
        int url = -1;
        char lower = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char before = lower;
            lower = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
            boolean base64 = lower >= 'a' && lower <= 'z' || c >= '0' && c <= '9' || c == '/' || c == '+';
            if (base64) {
                run++;
                upper |= c != lower;
            } else {
                if (run == KEY_LENGTH && upper) {
                    return true;
                }
                run = 0;
                upper = false;
            }
            int pair = before * ASCII + lower;
            if ((before | lower) < ASCII
                    && (PAIRS[pair / Long.SIZE] >>> pair & 1) != 0
                    && startsHint(text, i - 1, HINTS[pair])) {
                return true;
            }
            if (c == ':' && text.startsWith("://", i)) {
                url = i + 3;
            } else if (c == '@' && url >= 0 && i > url && i - url <= USER_INFO) {
                return true;
            } else if (c == '/' && i >= url || Character.isWhitespace(c)) {
                url = -1;
            }
        }
        return run == KEY_LENGTH && upper || url >= 0 && text.indexOf(':', url) > 0;
    }

    /** Hints that do not end in a letter must begin a word: {@code sk-} is not a hint in {@code task-state-change}. */
    private static boolean startsHint(String text, int at, String[] hints) {
        for (String hint : hints) {
            if (text.regionMatches(true, at, hint, 0, hint.length())
                    && (at == 0
                            || Character.isLetter(hint.charAt(hint.length() - 1))
                            || !Character.isLetterOrDigit(text.charAt(at - 1)))) {
                return true;
            }
        }
        return false;
    }

    static String masked(String text) {
        if (!mayHaveSecrets(text)) {
            return text;
        }
        String shown = text;
        for (Looks looks : LOOKS) {
            shown = looks.pattern().matcher(shown).replaceAll(looks.shown());
        }
        return named(SECRET_ACCESS_KEY
                .matcher(shown)
                .replaceAll(
                        found -> Matcher.quoteReplacement(isRandom(found.group()) ? Redactor.MASK : found.group())));
    }

    /** Whether the value of a field {@code key} is a secret key, and not a path or a word. */
    static boolean isLikelyKey(String text) {
        return text.length() >= 8 && text.matches("[^\\s/.:]*\\d[^\\s/.:]*")
                || text.length() >= 20 && text.matches("[A-Za-z0-9/+=_-]+") && changes(text) * 3 > text.length();
    }

    private static boolean isRandom(String text) {
        return changes(text) >= CHANGES
                && text.chars().anyMatch(Character::isUpperCase)
                && text.chars().anyMatch(Character::isLowerCase);
    }

    private static int changes(String text) {
        int changes = 0;
        for (int i = 1; i < text.length(); i++) {
            changes += kind(text.charAt(i)) == kind(text.charAt(i - 1)) ? 0 : 1;
        }
        return changes;
    }

    private static int kind(char c) {
        return Character.isUpperCase(c) ? 0 : Character.isLowerCase(c) ? 1 : Character.isDigit(c) ? 2 : 3;
    }

    /**
     * Masks values after secret names: {@code password=x}, {@code "apiKey": "x"}, {@code --token x}, and whole
     * environments that are not valid JSON, or truncated JSON: {@code env={A=x}}.
     */
    private static String named(String text) {
        StringBuilder all = null;
        int done = 0;
        Matcher name = NAME.matcher(text);
        int from = 0;
        while (name.find(from)) {
            from = name.end();
            String separator = name.group(3);
            if (!separator.isBlank() && SecretNames.isEnvironment(name.group(2)) && name.end() < text.length()) {
                int begin = opening(text, name.end());
                int end = begin < 0 ? -1 : closed(text, begin);
                if (begin >= 0 && !text.substring(begin + 1, end).equals(Redactor.MASK)) {
                    all = all == null ? new StringBuilder() : all;
                    all.append(text, done, begin + 1).append(Redactor.MASK);
                    done = end;
                    from = end;
                }
                continue;
            }
            boolean bySpace = separator.isBlank();
            boolean said = !name.group(1).isEmpty()
                    || SecretNames.isPassword(name.group(2))
                            && "'\"".indexOf(text.charAt(Math.min(from, text.length() - 1))) >= 0;
            if (bySpace && !said || !tells(text, name, separator)) {
                continue;
            }
            Matcher quote = QUOTE.matcher(text).region(name.end(), text.length());
            boolean quoted = quote.lookingAt();
            int begin = quoted ? quote.end() : name.end();
            int end = quoted
                    ? closing(text, begin, quote.group())
                    : end(text, begin, isHeader(name.group(2)) && separator.contains(":"));
            String value = text.substring(begin, end);
            if (isSecret(text, name, separator, value, quoted, end)) {
                all = all == null ? new StringBuilder() : all;
                all.append(text, done, begin).append(Redactor.MASK);
                done = end;
                from = end;
            }
        }
        return all == null ? text : all.append(text.substring(done)).toString();
    }

    /** The beginning of an object or a list at this position, with or without quotes; -1 if there is none. */
    private static int opening(String text, int at) {
        Matcher quote = QUOTE.matcher(text).region(at, text.length());
        int begin = quote.lookingAt() ? quote.end() : at;
        return begin < text.length() && "{[".indexOf(text.charAt(begin)) >= 0 ? begin : -1;
    }

    /** The end of the object or list that begins here; the end of the text if it is truncated. */
    private static int closed(String text, int begin) {
        char opens = text.charAt(begin);
        char closes = opens == '{' ? '}' : ']';
        int depth = 0;
        for (int i = begin; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == opens ? 1 : c == closes ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return text.length();
    }

    private static boolean tells(String text, Matcher found, String separator) {
        String name = found.group(2).toLowerCase(Locale.ROOT);
        boolean query = found.start() > 0 && "?&".indexOf(text.charAt(found.start() - 1)) >= 0;
        return SecretNames.isSecret(found.group(2))
                || separator.contains("=") && (name.matches("sig|(?:.*[-_])?signature") || query && name.equals("key"));
    }

    private static boolean isSecret(
            String text, Matcher name, String separator, String value, boolean quoted, int end) {
        String word = name.group(2);
        boolean password = SecretNames.isPassword(word);
        if (NO_SECRETS.contains(value.strip().toLowerCase(Locale.ROOT))
                || value.startsWith("arn:")
                || !password && value.matches("\\d{1,9}")) {
            return false;
        }
        char before = name.start() == 0 ? ' ' : text.charAt(name.start() - 1);
        if (separator.isBlank()) {
            return !value.startsWith("-") && !word.equals("auth");
        }
        if (separator.contains("=") || separator.matches("\\\\*[\"'].*") || password || quoted) {
            return true;
        }
        // In prose a colon also ends a clause: "unable to retrieve the secret: access denied".
        boolean line = (name.start() == 0 || before == '\n') && (end == text.length() || text.charAt(end) == '\n');
        boolean random = value.length() >= 8 && value.matches("(?s).*\\d.*") && value.matches("(?s).*[A-Za-z].*");
        return line || random || SecretNames.hasSeveralWords(word) || isHeader(word);
    }

    private static boolean isHeader(String name) {
        return name.toLowerCase(Locale.ROOT).matches("(?:.*-)?(?:authorization|cookie)");
    }

    private static int closing(String text, int from, String quote) {
        int end = text.indexOf(quote, from);
        while (quote.length() == 1 && end > from && text.charAt(end - 1) == '\\') {
            end = text.indexOf(quote, end + 1);
        }
        return end < 0 ? text.length() : end;
    }

    private static int end(String text, int from, boolean header) {
        int i = from;
        if (header) {
            while (i < text.length() && "\r\n\"'<".indexOf(text.charAt(i)) < 0) {
                i++;
            }
            return i;
        }
        Matcher scheme = SCHEME.matcher(text).region(from, text.length());
        i = scheme.lookingAt() ? scheme.end() : from;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c) || "\"'<>|`".indexOf(c) >= 0) {
                break;
            }
            if (",;&)}]".indexOf(c) >= 0) {
                boolean last = i + 1 == text.length() || Character.isWhitespace(text.charAt(i + 1));
                if (last
                        || ")}]".indexOf(text.charAt(i + 1)) >= 0
                        || NEXT_PAIR.matcher(text).region(i + 1, text.length()).lookingAt()) {
                    break;
                }
            }
            i++;
        }
        return i;
    }
}
