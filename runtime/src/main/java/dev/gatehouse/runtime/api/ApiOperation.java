package dev.gatehouse.runtime.api;

import com.networknt.schema.JsonSchema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a description, compiled.
 *
 * @param cost {@code x-cost}, 1 when absent
 * @param scope {@code x-scope}
 * @param bodyRequired whether a call must have a body
 * @param bodies request schemas by media type
 * @param answers response schemas by status (or {@code default}) and media type; a null schema allows anything
 */
public record ApiOperation(
        String id,
        String method,
        String path,
        int cost,
        @Nullable String scope,
        boolean deprecated,
        List<ApiParameter> parameters,
        boolean bodyRequired,
        Map<String, JsonSchema> bodies,
        Map<String, Map<String, @Nullable JsonSchema>> answers) {

    /** Names of the parameters that stand in the query. */
    public List<String> queryParameters() {
        return parameters.stream()
                .filter(parameter -> parameter.in().equals("query"))
                .map(ApiParameter::name)
                .toList();
    }
}
