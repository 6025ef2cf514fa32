package dev.gatehouse.portal.sandbox;

import dev.gatehouse.portal.PublishedApi;
import dev.gatehouse.runtime.api.ApiDescription;
import java.util.Locale;

/** A made-up service whose description is as large as one may get. */
public final class LargeDescription {
    private static final String FIELD =
            "A sentence about what the field holds, when it is null and where it comes from.";

    private LargeDescription() {}

    /** @param bytes at least so many */
    public static PublishedApi of(int bytes) {
        StringBuilder paths = new StringBuilder();
        for (int i = 0; paths.length() < bytes; i++) {
            paths.append(operation(i));
        }
        return new PublishedApi("large", ApiDescription.parse("""
                openapi: 3.1.0
                info: {title: Large, version: v2}
                paths:
                """ + paths));
    }

    private static String operation(int number) {
        StringBuilder fields = new StringBuilder();
        for (int field = 0; field < 20; field++) {
            fields.append(" ".repeat(18) + "Field")
                    .append(field)
                    .append(": {type: string, description: \"")
                    .append(FIELD)
                    .append("\"}\n");
        }
        return String.format(Locale.ROOT, """
                  /v2/large/things%1$d:
                    get:
                      operationId: listThings%1$d
                      x-cost: 1
                      summary: List the things of kind %1$d
                      parameters:
                      - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 500}, description: How many}
                      responses:
                        '200':
                          description: Things
                          content:
                            application/json:
                              schema:
                                type: object
                                properties:
                %2$s""", number, fields);
    }
}
