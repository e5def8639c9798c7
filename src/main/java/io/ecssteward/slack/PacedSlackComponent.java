package io.ecssteward.slack;

import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentChat;
import io.ecssteward.incident.Step;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.slack.SlackComponent;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Camel's {@code slack:} with a producer that paces, retries, edits and replies. A route's step completes when Slack
 * has accepted the message. Otherwise it fails: with a {@link io.ecssteward.failure.TransientFailureException} if a
 * retry may help, or else with a {@link io.ecssteward.failure.PermanentFailureException} that has Slack's error code.
 * The body is an {@link io.ecssteward.alert.Alert}, a JSON object in Slack's format, or plain text. Alerts that have to
 * wait share messages, and each of their exchanges completes when its message is posted.
 *
 * <p>Why not camel-slack's own producer: docs/decisions/2026-11-20-slack-producer.md.
 *
 * <p>Set webhooks and tokens here rather than in the URI of an endpoint: Camel writes the URI to its log and to
 * exchange properties. Camel masks a token, but masks {@code webhookUrl} only if
 * {@code camel.main.additionalSensitiveKeywords} lists it.
 *
 * <p>Long because each of Camel's options has a getter and a setter.
 */
@Component("slack")
public class PacedSlackComponent extends SlackComponent implements IncidentChat {

    /** How long to wait for a connection to Slack. */
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private String channel;
    private String serverUrl;
    private Map<String, String> webhooks = Map.of();
    private SlackSecrets secrets = SlackSecrets.NONE;
    private boolean dryRun;
    private SlackPacer pacer = new SlackPacer();
    private boolean pacerShared;
    private Duration requestTimeout = Duration.ofSeconds(10);
    private HttpClient client;
    private final SlackChat chat = new SlackChat(this);
    /**
     * Continues the exchanges that Slack has answered. It is never shut down, since those exchanges would then never
     * complete.
     */
    private final ExecutorService answers = newPool();

    /**
     * Few threads, although these exchanges may call ECS next: a thousand messages that are sent back to the queue must
     * not take a thousand threads.
     */
    private static ExecutorService newPool() {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(8, 8, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "slack-answers");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Created by Camel, or bound as {@code slack}. */
    public PacedSlackComponent() {
        super(null);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String channelName, Map<String, Object> parameters) throws Exception {
        PacedSlackEndpoint endpoint = new PacedSlackEndpoint(uri, channelName, this);
        if (isSet(serverUrl)) {
            endpoint.setServerUrl(serverUrl);
        }
        setProperties(endpoint, parameters);
        return endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        getCamelContext().addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopping(CamelContext context) {
                // Before Camel waits for the exchanges in flight: a channel's backlog can take minutes.
                if (!pacerShared) {
                    pacer.drain();
                }
            }
        });
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        if (!pacerShared) {
            pacer.start();
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (!pacerShared) {
            pacer.stop();
        }
        super.doStop();
    }

    SlackChat chat() {
        return chat;
    }

    @Override
    public boolean edits(String channelName) {
        return assumesToken() || isSet(token());
    }

    /** A dry run without a token and webhook behaves as if it had a bot token, which the README recommends. */
    boolean assumesToken() {
        return dryRun && !isSet(token()) && !isSet(webhook()) && allWebhooks().isEmpty();
    }

    @Override
    public CompletionStage<Step.Posted> find(Incident incident) {
        return dryRun ? CompletableFuture.completedFuture(null) : chat.find(incident);
    }

    /**
     * Uploads a file, which is invisible until it is {@link #share shared}; needs the scope {@code files:write}.
     *
     * @return its id; failed with a {@link io.ecssteward.failure.PermanentFailureException} when Slack refuses it
     */
    public CompletionStage<String> upload(String name, String description, byte[] bytes) {
        return new SlackFiles(chat).upload(name, description, bytes);
    }

    /**
     * Shows an uploaded file as a reply to a message. Slack allows this once for each file.
     *
     * @param channelId Slack's id of the channel
     * @param thread the message's {@code ts}
     */
    public CompletionStage<Void> share(String file, String title, String channelId, String thread) {
        return new SlackFiles(chat).share(file, title, channelId, thread);
    }

    static boolean isSet(String option) {
        return option != null && !option.isBlank();
    }

    /**
     * Created with the first post: loading TLS takes a tenth of the startup time, and a command that posts nothing does
     * not need it.
     */
    synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .connectTimeout(CONNECT_TIMEOUT)
                    .executor(answers)
                    // One message a second gains nothing from HTTP/2, and a proxy may not support it.
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
        }
        return client;
    }

    ExecutorService answers() {
        return answers;
    }

    /** The webhook of a channel, given with or without its {@code #}; null if the channel has no webhook. */
    String webhook(String channelName) {
        return allWebhooks().get(plain(channelName));
    }

    private Map<String, String> allWebhooks() {
        return webhooks.isEmpty() ? secrets.webhooks() : webhooks;
    }

    /** The webhook for all channels without their own; null if none is set. */
    String webhook() {
        return isSet(getWebhookUrl()) ? getWebhookUrl() : secrets.webhook();
    }

    /** The bot token; null if none is set. */
    String token() {
        return isSet(getToken()) ? getToken() : secrets.token();
    }

    /**
     * The lane of a target: it is shared by all posts that Slack counts together for its rate limit. A webhook's lane
     * is named by the first channel that has it, so that it stays the same when the URL is replaced.
     */
    String lane(SlackTarget target) {
        if (!target.isWebhook()) {
            return target.lane();
        }
        if (target.isAt(webhook())) {
            return "webhook";
        }
        return allWebhooks().entrySet().stream()
                .filter(webhook -> target.isAt(webhook.getValue()))
                .map(webhook -> "webhook of " + webhook.getKey())
                .min(Comparator.naturalOrder())
                .orElseGet(target::lane);
    }

    /**
     * The name of a channel's lane, which is not secret: channels that share a webhook have the same name.
     *
     * @param channelName null for the channel that is used when an alert names none
     */
    public String lane(String channelName) {
        String name = isSet(channelName) ? channelName : channel;
        if (isSet(token())) {
            return isSet(name) ? plain(name) : PacedSlackEndpoint.DEFAULT;
        }
        String own = isSet(name) ? webhook(name) : null;
        return own == null || own.equals(webhook())
                ? PacedSlackEndpoint.DEFAULT
                : allWebhooks().entrySet().stream()
                        .filter(other -> own.equals(other.getValue()))
                        .map(Map.Entry::getKey)
                        .min(Comparator.naturalOrder())
                        .orElse(PacedSlackEndpoint.DEFAULT);
    }

    /** A channel's name without its {@code #}. */
    static String plain(String channelName) {
        return channelName.strip().replaceFirst("^#", "");
    }

    /** The channel of {@code slack:default}, unless an alert names another; null when none is set. */
    public String getChannel() {
        return channel;
    }

    /** The channel of {@code slack:default}, unless an alert names another: {@code #ops}, or a channel's id. */
    public void setChannel(String channel) {
        this.channel = channel;
    }

    /** The Slack server; null for camel-slack's default. */
    public String getServerUrl() {
        return serverUrl;
    }

    /** The Slack server for posts with a token, {@code https://slack.com} by default; may end in {@code /api}. */
    public void setServerUrl(String serverUrl) {
        this.serverUrl = serverUrl;
    }

    /**
     * Webhook URLs by channel, with or without its {@code #}. Other channels go to {@code webhookUrl}. Null means none.
     */
    public void setWebhooks(Map<String, String> webhooks) {
        Map<String, String> byName = new HashMap<>();
        (webhooks == null ? Map.<String, String>of() : webhooks).forEach((name, url) -> byName.put(plain(name), url));
        this.webhooks = Map.copyOf(byName);
    }

    /** Where webhooks and the token come from that are not set here. */
    public SlackSecrets getSecrets() {
        return secrets;
    }

    /** Where webhooks and the token come from that are not set here. They may be rotated at run time. */
    public void setSecrets(SlackSecrets secrets) {
        this.secrets = secrets;
    }

    public boolean isDryRun() {
        return dryRun;
    }

    /** Whether to post nothing, and only record in the event's outcome what would be posted. */
    public void setDryRun(boolean dryRun) {
        this.dryRun = dryRun;
    }

    /** What paces the channels. */
    public SlackPacer getPacer() {
        return pacer;
    }

    /** What paces the channels; by default this component has its own pacer. */
    public void setPacer(SlackPacer pacer) {
        this.pacer = pacer;
    }

    /** Shares the pacer with components in other contexts; its owner starts, drains and stops it. */
    public void sharePacer(SlackPacer shared) {
        pacer = shared;
        pacerShared = true;
    }

    /** How long to wait for Slack's complete answer. */
    public Duration getRequestTimeout() {
        return requestTimeout;
    }

    /** How long to wait for Slack's complete answer; 10 seconds by default. */
    public void setRequestTimeout(Duration requestTimeout) {
        this.requestTimeout = requestTimeout;
    }
}
