package io.ecssteward.ecs;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;

/**
 * The policy for a service that Fargate Spot interrupts: from its tag, or else from the settings.
 *
 * @param word one of {@link #WORDS}
 * @param unknownTag the problem with the tag, in a sentence; empty for none
 */
record SpotPolicy(String word, String unknownTag) {

    private static final Logger LOG = LoggerFactory.getLogger(SpotPolicy.class);

    static final String OBSERVE = "observe";
    static final String FAILOVER = "failover";

    /** Redeploy the service, only post, or move it to on-demand when there is no Spot capacity. */
    static final List<String> WORDS = List.of("redeploy", OBSERVE, FAILOVER);

    /** The tag of a service that names its policy. */
    static final String TAG = "ecs-steward:spot";

    /**
     * The policy of a service.
     *
     * @param policy the default policy
     * @param policies {@code prod/batch-*=observe,web=failover}; the first match applies
     */
    static SpotPolicy of(String policy, String policies, String cluster, Service found) {
        String bySetting = Arrays.stream(policies.split(","))
                .map(String::strip)
                .filter(rule -> !rule.isEmpty() && fits(rule.substring(0, rule.indexOf('=')), cluster, found))
                .map(rule -> rule.substring(rule.indexOf('=') + 1).strip())
                .findFirst()
                .orElse(policy);
        Optional<String> tag = found.tags().stream()
                .filter(t -> TAG.equals(t.key()))
                .map(Tag::value)
                .findFirst();
        String unknownTag = "";
        if (tag.isPresent() && !WORDS.contains(tag.get())) {
            unknownTag = "The service's tag " + TAG + " is '" + tag.get() + "', which is none of "
                    + String.join(", ", WORDS) + "; the setting holds: " + bySetting;
            LOG.warn("{}/{}: {}", cluster, found.serviceName(), unknownTag);
        }
        return new SpotPolicy(tag.filter(WORDS::contains).orElse(bySetting), unknownTag);
    }

    private static boolean fits(String pattern, String cluster, Service found) {
        return NamePattern.matches(
                pattern.strip(), pattern.contains("/") ? cluster + "/" + found.serviceName() : found.serviceName());
    }
}
