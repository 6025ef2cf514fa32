package dev.gatehouse.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

@DisplayName("The embedded queue")
class EmbeddedQueueTest {
    @Test
    @DisplayName("takes a message and hands it out")
    void sendsAndReceives() {
        try (SqsClient client = SqsClient.builder()
                .endpointOverride(URI.create(EnginesForTests.queue()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("x", "x")))
                .build()) {
            String queue =
                    client.createQueue(request -> request.queueName("homes")).queueUrl();
            client.sendMessage(request -> request.queueUrl(queue).messageBody("seven"));
            assertThat(client.receiveMessage(request -> request.queueUrl(queue).waitTimeSeconds(5))
                            .messages())
                    .extracting(message -> message.body())
                    .containsExactly("seven");
        }
    }
}
