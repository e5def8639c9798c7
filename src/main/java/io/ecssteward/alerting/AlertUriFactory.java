package io.ecssteward.alerting;

/** Allows any text in the parameters of an {@code alert:} step. */
public class AlertUriFactory extends RawParameterUriFactory {

    public AlertUriFactory() {
        super("alert", RawParameterText.names(AlertEndpoint.class));
    }
}
