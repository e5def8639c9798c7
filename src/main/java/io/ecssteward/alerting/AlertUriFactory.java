package io.ecssteward.alerting;

/** Lets the parameters of an {@code alert:} step hold any text. */
public class AlertUriFactory extends RawParameterUriFactory {

    public AlertUriFactory() {
        super("alert", RawParameterText.names(AlertEndpoint.class));
    }
}
