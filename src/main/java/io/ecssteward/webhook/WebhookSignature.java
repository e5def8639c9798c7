package io.ecssteward.webhook;

import io.ecssteward.time.Clocks;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Exchange;

/**
 * Signs requests of custom routes to webhooks, so that the receiver can verify the sender and the time, and reject
 * replays. Define it as a bean with the key that the receiver also has, and call it as the last step before the
 * request, when the body is final.
 *
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 *     Webhooks</a>, for which receivers have libraries in many languages
 */
public class WebhookSignature {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";

    private byte[] key;

    /** The key in base64, with or without the prefix {@code whsec_}. */
    public void setKey(String key) {
        String encoded = key.strip().startsWith(PREFIX) ? key.strip().substring(PREFIX.length()) : key.strip();
        try {
            this.key = Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the key of a webhook's signature is not base64; make one with "
                    + "echo \"whsec_$(openssl rand -base64 32)\"");
        }
        if (this.key.length < 24) {
            throw new IllegalArgumentException("the key of a webhook's signature has " + this.key.length
                    + " bytes and needs 24; make one with echo \"whsec_$(openssl rand -base64 32)\"");
        }
    }

    /**
     * Sets the headers {@code webhook-id}, {@code webhook-timestamp} and {@code webhook-signature}.
     *
     * @param id the event's identity, which is the same for duplicates, so that the receiver can drop them
     */
    public void sign(Exchange exchange, String id) throws GeneralSecurityException {
        long seconds = Clocks.of(exchange.getContext()).instant().getEpochSecond();
        // A period would make it ambiguous where the id ends.
        String plain = id.replace('.', '_');
        String signed = plain + "." + seconds + "." + exchange.getMessage().getBody(String.class);
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(new SecretKeySpec(key, ALGORITHM));
        String signature = Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        exchange.getMessage().setHeader("webhook-id", plain);
        exchange.getMessage().setHeader("webhook-timestamp", seconds);
        exchange.getMessage().setHeader("webhook-signature", "v1," + signature);
    }
}
