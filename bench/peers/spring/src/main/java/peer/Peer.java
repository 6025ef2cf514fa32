package peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.gateway.filter.ratelimit.KeyResolver;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Mono;

/** Spring Cloud Gateway: the key is looked up in memory, the Redis limiter decides, the route proxies. */
@SpringBootApplication
public class Peer {
    public static void main(String[] args) {
        SpringApplication.run(Peer.class, args);
    }

    /** The tenant of the key; a call without one is refused by the limiter's deny-empty-key. */
    @Bean
    KeyResolver tenant() throws IOException {
        Map<String, String> tenants = new HashMap<>();
        for (String line : Files.readAllLines(Path.of(System.getProperty("keys")))) {
            int tab = line.indexOf('\t');
            tenants.put(line.substring(0, tab), line.substring(tab + 1));
        }
        return exchange -> Mono.justOrEmpty(tenants.get(exchange.getRequest().getHeaders().getFirst("X-API-Key")));
    }
}
