package dev.gatehouse.runtime.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.http.Request;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.UriText;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ApiRouterTest {
    private final ApiDescription shelf = ApiDescription.resource(ApiRouterTest.class, "/shelf.yaml");
    private final Router router = new Router();

    @SuppressWarnings("NullAway.Init")
    private ApiCall seen;

    @BeforeEach
    void mount() {
        ApiRouter.mount(router, shelf, Map.of("getBook", this::see, "addBook", this::see));
    }

    private Response see(ApiCall call) {
        seen = call;
        return Response.noContent();
    }

    private void call(String method, String path, String query, String body) throws Exception {
        router.handle(new Request(
                method,
                path,
                Map.of(),
                UriText.query(query),
                Map.of("content-length", List.of(Integer.toString(body.length()))),
                "127.0.0.1",
                "req_1",
                null,
                new ByteArrayInputStream(body.getBytes(UTF_8)),
                1_000));
    }

    private static List<FieldError> faults(ThrowableAssert.ThrowingCallable call) {
        Problem[] problem = new Problem[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(ProblemException.class, e -> problem[0] = e.problem());
        assertThat(problem[0].status()).isEqualTo(400);
        return problem[0].errors();
    }

    @Test
    @DisplayName("parameters arrive typed, with defaults filled in and comma lists split")
    void typed() throws Exception {
        call("GET", "/v2/books/1234", "status=Lent,Here&minPrice=1.5", "");
        assertThat(seen.integer("limit")).contains(50);
        assertThat(seen.list("status")).containsExactly("Lent", "Here");
        assertThat(seen.decimal("minPrice"))
                .hasValueSatisfying(price -> assertThat(price).isEqualByComparingTo("1.5"));
        assertThat(seen.text("isbn")).contains("1234");
    }

    @Test
    @DisplayName("every unknown and ill-typed parameter is named at once, an unknown one with its nearest")
    void allFaultsAtOnce() {
        List<FieldError> faults =
                faults(() -> call("GET", "/v2/books/12x4", "limit=0&minprice=2&status=Gone&minPrice=cheap", ""));
        assertThat(faults)
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder("limit", "minprice", "status", "minPrice", "isbn");
        assertThat(faults).anySatisfy(fault -> assertThat(fault.message()).contains("did you mean minPrice?"));
        assertThat(faults).anySatisfy(fault -> assertThat(fault.message()).contains("must be a number"));
    }

    @Test
    @DisplayName("a body is held against its schema, and null is taken only where the schema allows it")
    void bodies() throws Exception {
        call("POST", "/v2/books", "", "{\"title\":\"T\",\"year\":null}");
        assertThat(seen.json().get("title").asText()).isEqualTo("T");
        assertThat(faults(() -> call("POST", "/v2/books", "", "{\"title\":null,\"pages\":3}")))
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder("title", "pages", "year");
        faults(() -> call("POST", "/v2/books", "", "{\"title\":"));
        faults(() -> call("POST", "/v2/books", "", ""));
    }

    @Test
    @DisplayName("an answer that breaks the description is found out")
    void answers() {
        assertThat(shelf.faults("getBook", 200, "application/json", "{\"title\":\"T\",\"year\":1990}"))
                .isEmpty();
        assertThat(shelf.faults("getBook", 200, "application/json", "{\"title\":\"T\",\"year\":\"1990\"}"))
                .isNotEmpty();
        assertThat(shelf.faults("getBook", 418, "application/json", "{}")).isNotEmpty();
        assertThat(shelf.faults("addBook", 204, "", "")).isEmpty();
        assertThat(shelf.operation("getBook").cost()).isEqualTo(2);
        assertThat(shelf.operation("addBook").cost()).isEqualTo(1);
    }

    @Test
    @DisplayName("an operation without a handler, or a handler without an operation, is refused at start")
    void complete() {
        assertThatThrownBy(() -> ApiRouter.mount(new Router(), shelf, Map.of("getBook", this::see)))
                .hasMessageContaining("addBook");
        assertThatThrownBy(() -> ApiRouter.mount(
                        new Router(), shelf, Map.of("getBook", this::see, "addBook", this::see, "burn", this::see)))
                .hasMessageContaining("burn");
    }
}
