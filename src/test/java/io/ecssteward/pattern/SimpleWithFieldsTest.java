package io.ecssteward.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.Events;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimpleWithFieldsTest {

    private static final String EVENT = """
            {"source": "shop.orders", "detail": {"file": "a.csv", "line": 212, "error": "unknown currency", "empty": "",
             "tags": {"team/name": "web"}, "list": [{"name": "x"}]}}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "${field(detail.file)} ${field(detail.line)}|a.csv 212",
                "${ field( 'detail.file' ) }|a.csv",
                "${field(detail.none)}x|x",
                "${field(detail.none, none given, sorry)}|none given, sorry",
                "${field(detail.empty, 'none given')}|none given",
                "${field(detail.none, it's unknown)}|it's unknown",
                "${field(detail.none, (unknown))}|(unknown)",
                "${field(detail.error, none)}|unknown currency",
                "${field(detail.list.0.name)}|x",
                "${field(detail.list)}|[{`name`:`x`}]",
                "${field(detail.tags.team/name)}|web",
                "my field(detail.file)|my field(detail.file)",
                "{'file': ${json(detail.file)}, 'line': ${json(detail.line)}}|{'file': `a.csv`, 'line': 212}",
                "${json(detail.list)} ${json(detail.none)}|[{`name`:`x`}] null",
            })
    void anyFieldOfTheEvent(String written, String shown) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind(SimpleWithFields.NAME, new SimpleWithFields());
            camel.start();
            Exchange exchange = new DefaultExchange(camel);
            exchange.getMessage().setBody(Events.read(EVENT));
            Expression expression = camel.resolveLanguage("simple").createExpression(written);
            expression.init(camel);

            assertThat(expression.evaluate(exchange, String.class)).isEqualTo(shown.replace('`', '"'));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "${field(detail.error)} == 'unknown currency' && ${field(detail.line)} > 100|true",
                "${field(detail.error)} == 'unknown country'|false",
                "${field(detail.none)} == null|true",
                "${field(detail.none, prod)} in 'prod,staging'|true",
            })
    void inConditions(String written, boolean holds) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind(SimpleWithFields.NAME, new SimpleWithFields());
            camel.start();
            Exchange exchange = new DefaultExchange(camel);
            exchange.getMessage().setBody(Events.read(EVENT));

            assertThat(camel.resolveLanguage("simple").createPredicate(written).matches(exchange))
                    .isEqualTo(holds);
        }
    }
}
