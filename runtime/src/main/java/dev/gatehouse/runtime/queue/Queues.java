package dev.gatehouse.runtime.queue;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** Amazon SQS, or anything that speaks its protocol. Credentials come by the SDK's own chain unless an endpoint is named. */
public final class Queues implements AutoCloseable {
    /** How often a message is given out before it counts as one that kills its takers. */
    public static final int MOST_RECEIVES = 5;

    private static final Logger LOG = LoggerFactory.getLogger(Queues.class);

    private final SqsClient client;

    private Queues(SqsClient client) {
        this.client = client;
    }

    /** @param endpoint of an embedded or local queue service; empty for Amazon's */
    public static Queues connect(Optional<URI> endpoint, String region) {
        SqsClientBuilder builder = SqsClient.builder()
                .region(Region.of(region))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(2))
                        .socketTimeout(Duration.ofSeconds(25)));
        endpoint.ifPresent(uri -> builder.endpointOverride(uri)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("embedded", "embedded"))));
        return new Queues(builder.build());
    }

    /**
     * The queue of this name, made when there is none. A message that was received {@link #MOST_RECEIVES} times and never
     * deleted, because whoever took it died of it, goes to {@link #deadLetters}.
     *
     * @param visibility how long a received message stays hidden from others
     */
    public Queue queue(String name, Duration visibility) {
        QueueRules.name(name);
        QueueRules.visibility(visibility);
        return new SqsQueue(client, prepared(name, visibility), () -> prepared(name, visibility));
    }

    private String prepared(String name, Duration visibility) {
        String dead = made(deadName(name), visibility);
        String url = made(name, visibility);
        String arn = client.getQueueAttributes(
                        request -> request.queueUrl(dead).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .getOrDefault(QueueAttributeName.QUEUE_ARN, "");
        // set apart from the making: a queue that is there already may have been made without it
        client.setQueueAttributes(request -> request.queueUrl(url)
                .attributes(Map.of(
                        QueueAttributeName.REDRIVE_POLICY,
                        "{\"deadLetterTargetArn\":\"" + arn + "\",\"maxReceiveCount\":\"" + MOST_RECEIVES + "\"}")));
        return url;
    }

    /** What a queue gave out again and again in vain, for people to look at; SQS can move it back ("redrive"). */
    public Queue deadLetters(String name, Duration visibility) {
        return new SqsQueue(client, made(deadName(name), visibility), () -> made(deadName(name), visibility));
    }

    private static String deadName(String name) {
        return name + "-dead";
    }

    private String made(String name, Duration visibility) {
        return client.createQueue(request -> request.queueName(name)
                        .attributes(Map.of(
                                QueueAttributeName.VISIBILITY_TIMEOUT,
                                Long.toString(visibility.toSeconds()),
                                QueueAttributeName.MESSAGE_RETENTION_PERIOD,
                                "1209600")))
                .queueUrl();
    }

    @Override
    public void close() {
        client.close();
    }

    /** @param remake makes the queue again after the service forgot it, as an embedded one does when it starts anew */
    private record SqsQueue(SqsClient client, String url, Supplier<String> remake) implements Queue {
        @Override
        public void send(String group, String body, Duration delay) {
            QueueRules.send(group, body, delay);
            ask(() -> client.sendMessage(request -> request.queueUrl(url)
                    .messageGroupId(group)
                    .messageBody(body)
                    .delaySeconds((int) delay.toSeconds())));
        }

        @Override
        public List<Message> receive(int max, Duration wait) {
            QueueRules.receive(max, wait);
            return ask(() -> client.receiveMessage(request ->
                            request.queueUrl(url).maxNumberOfMessages(max).waitTimeSeconds((int) wait.toSeconds())))
                    .messages()
                    .stream()
                    .map(message -> new Message(message.messageId(), message.receiptHandle(), message.body()))
                    .toList();
        }

        @Override
        public void delete(Message message) {
            try {
                client.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receipt()));
            } catch (QueueDoesNotExistException e) {
                // forgotten, and the message with it
                LOG.debug("the queue {} is gone, and what was to be deleted with it", url, e);
            }
        }

        @Override
        public long depth() {
            Map<String, String> counts = new HashMap<>();
            ask(() -> client.getQueueAttributes(request -> request.queueUrl(url)
                            .attributeNames(
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED,
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)))
                    .attributesAsStrings()
                    .forEach(counts::put);
            return counts.values().stream().mapToLong(Long::parseLong).sum();
        }

        private <T> T ask(Supplier<T> question) {
            try {
                return question.get();
            } catch (QueueDoesNotExistException e) {
                LOG.warn("The queue {} is gone and is made again as {}.", url, remake.get());
                return question.get();
            }
        }
    }
}
