package dev.gatehouse.gateway.admit;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One call of a script, command and output in one object: the hot path makes no other. Its arguments were encoded
 * beforehand, except for the last ones.
 */
abstract class ScriptCall extends CommandOutput<byte[], byte[], Levels>
        implements RedisCommand<byte[], byte[], Levels> {
    private static final int VERDICT = 0;
    private static final int AT = 1;
    private static final int BUCKET = 2;
    private static final int QUOTA = 3;
    private static final int KEY = 4;

    private final byte[] head;
    private final long[] numbers = new long[KEY + 1];
    private int filled;
    private boolean done;

    ScriptCall(byte[] head) {
        super(ByteArrayCodec.INSTANCE, null);
        this.head = head;
    }

    /** Writes the arguments that stand after the head. */
    abstract void encodeTail(ByteBuf buf);

    /** The reply has come: {@link #verdict} and {@link #levels} tell it. */
    abstract void replied();

    /** Redis has replied with an error, and so has not run the script. */
    abstract void failed(String error);

    /** No reply will come: the script may have run. */
    abstract void lost(String why);

    int verdict() {
        return (int) numbers[VERDICT];
    }

    Levels levels() {
        return new Levels(numbers[AT], numbers[BUCKET], numbers[QUOTA], numbers[KEY]);
    }

    @Override
    public final void encode(ByteBuf buf) {
        buf.writeBytes(head);
        encodeTail(buf);
    }

    @Override
    public final void set(long integer) {
        if (filled < numbers.length) {
            numbers[filled++] = integer;
        }
    }

    @Override
    public final void complete() {
        if (done) {
            return;
        }
        done = true;
        if (hasError()) {
            failed(getError());
        } else if (filled < numbers.length) {
            lost("the script answered " + filled + " numbers");
        } else {
            replied();
        }
    }

    @Override
    public final boolean completeExceptionally(Throwable throwable) {
        if (done) {
            return false;
        }
        done = true;
        String message = throwable.getMessage();
        String why = message == null ? throwable.getClass().getSimpleName() : message;
        if (throwable instanceof RedisCommandExecutionException) {
            failed(why);
        } else {
            lost(why);
        }
        return true;
    }

    @Override
    public final void cancel() {
        if (!done) {
            done = true;
            lost("cancelled");
        }
    }

    @Override
    public final boolean isCancelled() {
        return false;
    }

    @Override
    public final boolean isDone() {
        return done;
    }

    @Override
    public final CommandOutput<byte[], byte[], Levels> getOutput() {
        return this;
    }

    @Override
    public final void setOutput(CommandOutput<byte[], byte[], Levels> output) {
        throw new UnsupportedOperationException("a script call is its own output");
    }

    @Override
    public final @Nullable CommandArgs<byte[], byte[]> getArgs() {
        return null;
    }

    @Override
    public final ProtocolKeyword getType() {
        return CommandType.EVALSHA;
    }

    /** Writes a whole number as a bulk string. */
    static void bulk(ByteBuf buf, long number) {
        int digits = number < 0 ? 1 : 0;
        long rest = number;
        do {
            digits++;
            rest /= 10;
        } while (rest != 0);
        buf.writeByte('$');
        decimal(buf, digits);
        buf.writeByte('\r').writeByte('\n');
        decimal(buf, number);
        buf.writeByte('\r').writeByte('\n');
    }

    private static void decimal(ByteBuf buf, long number) {
        if (number < 0) {
            buf.writeByte('-');
            number = -number;
        }
        long power = 1;
        while (number / power >= 10) {
            power *= 10;
        }
        for (; power > 0; power /= 10) {
            buf.writeByte('0' + (int) (number / power % 10));
        }
    }
}
